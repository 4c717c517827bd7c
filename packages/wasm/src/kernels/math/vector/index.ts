/**
 * The elementary functions on four float32: code for the loop of a kernel, with branches only for rare arguments. All machines compute the same
 * bits.
 *
 * The largest errors in units in the last place, including denormal numbers (`bench/math-accuracy.ts`: every 13th float32; for two operands, as
 * many pairs as every 61st float32):
 *
 * | function | ulp | | function | ulp | | function | ulp |
 * | --- | --- | --- | --- | --- | --- | --- | --- |
 * | exp | 1.1 | | sin, cos | 1.7 | | erfInv | 3.1 |
 * | expm1 | 1.6 | | tanh | 1.6 | | pow | 1.3 |
 * | log | 0.9 | | sigmoid | 2.4 | | atan2 | 1.8 |
 * | log1p | 1.5 | | erf, erfc | 1.4, 4 | | remainder | 0.5 |
 *
 * Special values are those of C17 (Annex F): signs of zeros, infinities, NaN, and the table of `pow`. `atan2` takes y first.
 * `remainder` is that of Python; a zero has the sign of the dividend, and x mod ±∞ is x, or ±∞ if the signs differ.
 *
 * @example
 * ```ts
 * import { LinearMemory, ModuleBuilder, v128 } from "@nn/wasm";
 * import * as vectorMath from "@nn/wasm/vector-math";
 *
 * const memory = new LinearMemory();
 * const module = new ModuleBuilder({ memory: memory.declaration });
 * const x = memory.allocate(4 * 4);
 * module.function({ name: "logarithms", export: true }, (b) => {
 *   b.v128.store(x, vectorMath.log(b, v128.load(x)));
 * });
 * const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports);
 *
 * memory.f32(x, 4).set([1, 0, Infinity, -1]);
 * if (typeof exports.logarithms === "function") exports.logarithms();
 * memory.f32(x, 4); // => [0, -Infinity, Infinity, NaN]
 * ```
 *
 * @packageDocumentation
 */

export { erf, erfc, erfInv } from "./error-function.js";
export { exp, expm1, sigmoid, tanh } from "./exponential.js";
export { log, log1p } from "./logarithm.js";
export { pow } from "./power.js";
export { remainder } from "./remainder.js";
export { atan2, cos, sin } from "./trigonometry.js";
