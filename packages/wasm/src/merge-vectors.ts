import { host, setFlag } from "./host.js";
import { multiplyAddIsFused } from "./level.js";

/** The first V8 that merges the operations of products well: that of Node 24. */
const mergingV8 = 13;

/**
 * Asks V8 to merge pairs of 128-bit vector operations into 256-bit ones, in everything that the process compiles from now on. Products whose `wide` is
 * true are made for that. Returns whether this is Node 24 or later on an x86-64 processor with AVX2; elsewhere nothing happens.
 *
 * Programs cannot ask for AVX2. They see whether a multiplication and an addition are rounded once ({@link multiplyAddIsFused}), which takes FMA3: all processors with FMA3
 * have AVX2, except a few of AMD from 2012 to 2014.
 *
 * It sets V8's flag `--experimental-wasm-revectorize`. V8 calls the flag experimental: it holds for all WebAssembly of the process, its results have the same
 * bits as far as the tests of this package know, and it has had one error, near addresses of 2 GiB.
 */
export function mergeVectors(): boolean {
  const { arch, versions = {} } = host() ?? {};
  const isNode = versions["node"] !== undefined && versions["bun"] === undefined && versions["deno"] === undefined;
  const merges = isNode && arch === "x64" && Number.parseInt(versions["v8"] ?? "0", 10) >= mergingV8;
  return merges && multiplyAddIsFused() === true && setFlag("--experimental-wasm-revectorize");
}
