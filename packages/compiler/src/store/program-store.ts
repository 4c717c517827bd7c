import { UsageError } from "@nn/tensor";
import { describeValue, tensorBuild } from "@nn/tensor/extend";
import { availableThreads, wasmBuild } from "@nn/wasm";
import { compilerBuild } from "../build.js";
import type { ImageRequest, ProgramStore } from "../compile/program-store.js";
import type { ProgramImage } from "../runtime/image.js";
import type { ThreadTeam } from "../runtime/threads.js";
import { describeGraph } from "./described-graph.js";
import { hashOf } from "./hash.js";
import { storeProgram } from "./store-program.js";
import { StoredImage } from "./stored-image.js";
import { decodeEntry, encodeEntry, type StoredProgram } from "./stored-program.js";

/** Bytes by name, which are found at once: what `folderCache` of `@nn/io` and `indexedDBCache` of `@nn/io/browser` make. Neither method may fail: what cannot be read is not there, and what cannot be written is left out. */
export interface ProgramStorage {
  /** The bytes of a name; `undefined` if there are none. */
  read(name: string): Uint8Array | undefined;
  /** Puts bytes under a name, in place of those that are there. They may be written later. */
  write(name: string, bytes: Uint8Array): void;
}

/** Packages that run from their sources have no identity: their programs are found by the process that compiled them only. */
const thisProcess = /* @__PURE__ */ (() => `${Date.now()} ${Math.random()}`)();

/** What wrote the code: the builds of the packages that take part. */
const compilerIdentity = /* @__PURE__ */ (() => [tensorBuild, wasmBuild, compilerBuild].map((build) => build ?? thisProcess).join())();

/**
 * Keeps compiled programs between runs, for `compile(step, { store })`. The first call of a function traces it, and takes its program from the store if there is one for the
 * same graph, options, engine and version of the packages; otherwise it compiles it and puts it there. Results have the same bits. An entry that is
 * damaged counts as missing. `explain()` says whether a program comes from the store.
 *
 * Programs of a store are executed, so nobody else may write it, as is true of the program's own files.
 *
 * @throws UsageError unless `storage` has the methods of one.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor } from "@nn/tensor";
 * import { compile } from "@nn/compiler";
 * import { programStore } from "@nn/compiler/features";
 *
 * const entries = new Map<string, Uint8Array>();
 * const store = programStore({ read: (name) => entries.get(name), write: (name, bytes) => void entries.set(name, bytes) });
 *
 * compile((x: Tensor) => x.mul(x).sum(), { store })(tensor([3, 4])).item(); // => 25
 * const again = compile((x: Tensor) => x.mul(x).sum(), { store });
 * again(tensor([5, 12])).item(); // => 169
 * again.explain().includes("loaded from the store"); // => true
 * ```
 */
export function programStore(storage: ProgramStorage): ProgramStore {
  const { read, write } = Object(storage) as Partial<ProgramStorage>;
  if (typeof read !== "function" || typeof write !== "function") {
    throw new UsageError(`programStore: the storage is ${describeValue(storage)}, expected one such as await folderCache("programs") of @nn/io`);
  }
  return (request) => imageOf(storage, request, compilerIdentity);
}

/** The program of a request, from the storage or compiled by what `identity` names. */
export function imageOf(storage: ProgramStorage, request: ImageRequest, identity: string): ProgramImage {
  const { graph, options: { target }, assemble } = request;
  if (target !== undefined && target.build === undefined) return assemble();
  const described = describeGraph(graph);
  const key = `${identity}\n${conditionsOf(request)}\n${described.text}`;
  const { length } = key;
  const hash = hashOf(new TextEncoder().encode(key));
  const name = `${hash}-${length}`;
  const bytes = storage.read(name);
  const known = bytes === undefined ? undefined : decodeEntry(name, bytes);
  if (known !== undefined && fits(known, request)) return new StoredImage(known, request, described, true);
  const image = assemble();
  const stored = storeProgram(image, graph, described, teamOf(image.threads, request));
  if (stored === undefined) return image;
  storage.write(name, encodeEntry(name, stored));
  return new StoredImage(stored, { ...request, assemble: () => image }, described, false);
}

/** All but the graph and the compiler on which a program depends. */
function conditionsOf({ engine, options: { relaxedSimd, wide, threads, fused, features, target } }: ImageRequest): string {
  return JSON.stringify({ relaxedSimd, wide, threads, fused, features: features.features, target: target && [target.name, target.build], engine: engine.wasm, availableThreads: availableThreads(), version: engineVersion() });
}

/** What runs the code: some kernels are written differently for engines that compute an instruction wrong. */
function engineVersion(): unknown {
  const host: { readonly process?: { readonly versions?: unknown }; readonly navigator?: { readonly userAgent?: string } } = globalThis;
  return host.process?.versions ?? host.navigator?.userAgent;
}

function teamOf(threads: number, { engine, options: { features } }: ImageRequest): ThreadTeam | undefined {
  return threads > 1 ? features.threads.team(engine, threads) : undefined;
}

/** Whether the calling thread of the program may wait as this one does: the main thread of a browser may not sleep. */
function fits({ threads, callerMaySleep }: StoredProgram, request: ImageRequest): boolean {
  const team = teamOf(threads, request);
  return team === undefined || team.barrier.callerMaySleep === (callerMaySleep === 1);
}
