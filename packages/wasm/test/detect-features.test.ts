import { afterAll, describe, expect, test } from "vitest";
import { ModuleBuilder } from "../src/assembler/module-builder.js";
import { f32x4 } from "../src/assembler/operators.js";
import { multiplyAddIsFused, wasmLevel } from "../src/level.js";
import { wasmFeatures } from "../src/detect-features.js";
import { mergeVectors } from "../src/merge-vectors.js";
import { inPage } from "./threads/workers.js";

/** A function with the fused multiply-add of relaxed SIMD, which some engines do not have yet. */
function multiplyAdd(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.function({ name: "f", result: "v128" }, () => f32x4.relaxed_madd(f32x4.const(1), f32x4.const(2), f32x4.const(3)));
  return module.finish();
}

/** On Node 20 it is behind a flag, which asking for it sets. */
const relaxedSimd = wasmFeatures().webAssembly && WebAssembly.validate(multiplyAdd());
const vectors = relaxedSimd ? "relaxed-simd" : "simd";

/** Node has everything, and so have browsers; but a page that is not isolated has no shared memory, and so no threads. */
const threads = typeof SharedArrayBuffer === "function";
const withThreads = threads ? "+threads" : "";

describe("wasmFeatures", () => {
  test("finds all features of the engine, including relaxed SIMD behind a flag", () => {
    expect(wasmFeatures()).toEqual({ webAssembly: true, simd: true, relaxedSimd, threads });
    expect(wasmLevel()).toBe(`${vectors}${withThreads}`);
    expect(multiplyAddIsFused()).toBeTypeOf(relaxedSimd ? "boolean" : "undefined");
    expect(relaxedSimd || inPage).toBe(true);
  });

  test.each([
    [{ relaxedSimd: false }, `simd${withThreads}`],
    [{ threads: false }, vectors],
    [{ relaxedSimd: false, threads: false }, "simd"],
    [{ simd: false }, `scalar${withThreads}`],
    [{ simd: false, threads: false }, "scalar"],
  ] as const)("without %o: %s", (limits, level) => {
    const features = wasmFeatures(limits);
    expect(wasmLevel(features)).toBe(level);
    expect(features.relaxedSimd).toBe(level.startsWith("relaxed"));
  });
});

describe("mergeVectors", () => {
  interface Host { readonly arch?: string; readonly versions?: { readonly node?: string }; getBuiltinModule?(name: string): { setFlagsFromString(flag: string): void } | undefined }
  const host: Host = Object(Reflect.get(globalThis, "process"));
  const merges = host.arch === "x64" && Number.parseInt(host.versions?.node ?? "0", 10) >= 24 && multiplyAddIsFused() === true;

  afterAll(() => {
    if (merges) host.getBuiltinModule?.("node:v8")?.setFlagsFromString("--no-experimental-wasm-revectorize");
  });

  test("sets the flag of V8 on Node 24 and later on x86-64 with FMA, and does nothing elsewhere", () => {
    expect(mergeVectors()).toBe(merges);
    expect(mergeVectors()).toBe(merges);
  });
});
