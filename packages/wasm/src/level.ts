import { ModuleBuilder } from "./assembler/module-builder.js";
import { f32x4 } from "./assembler/operators.js";
import { type FieldKinds, requireFields } from "./arguments.js";
import { wasmFeatures, type WasmFeatures } from "./detect-features.js";

const featureKinds: FieldKinds<WasmFeatures> = { webAssembly: "boolean", simd: "boolean", relaxedSimd: "boolean", threads: "boolean" };

/** The level of support: no WebAssembly, scalars, vectors, or vectors with relaxed operations; with or without threads. */
export type WasmLevel = "none" | `${"relaxed-simd" | "simd" | "scalar"}${"+threads" | ""}`;

/**
 * Describes features in one word, for logs and reports. Default: those of the engine.
 *
 * @example
 * ```ts
 * import { wasmFeatures, wasmLevel } from "@nn/wasm";
 *
 * wasmLevel(); // "relaxed-simd+threads" where everything is there
 * wasmLevel(wasmFeatures({ simd: false, threads: false })); // => "scalar"
 * ```
 */
export function wasmLevel(features: WasmFeatures = wasmFeatures()): WasmLevel {
  requireFields("wasmLevel", features, featureKinds);
  const { webAssembly, simd, relaxedSimd, threads } = features;
  if (!webAssembly) return "none";
  const vectors = relaxedSimd ? "relaxed-simd" : simd ? "simd" : "scalar";
  return threads ? `${vectors}+threads` : vectors;
}

/** Whether `f32x4.relaxed_madd` rounds once (`true`) or twice (`false`) on this machine; `undefined` without relaxed SIMD. */
export function multiplyAddIsFused(): boolean | undefined {
  if (!wasmFeatures().relaxedSimd) return undefined;
  const module = new ModuleBuilder();
  const params = { a: "f32", b: "f32", c: "f32" } as const;
  module.function({ name: "multiplyAdd", params, result: "f32", export: true }, (_, { a, b, c }) =>
    f32x4.extract_lane(f32x4.relaxed_madd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c)), 0),
  );
  const { multiplyAdd } = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports;
  // (1 + 2^-12)² - (1 + 2^-11) is 2^-24 exactly, which is lost if the product is rounded to float32 first.
  const a = 1 + 2 ** -12;
  return typeof multiplyAdd === "function" && multiplyAdd(a, a, -(1 + 2 ** -11)) !== 0;
}
