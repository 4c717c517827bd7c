/**
 * Compilers put together from parts, for bundles that are to be small.
 *
 * @packageDocumentation
 */

export { atan2, cos, erf, erfc, erfInv, exp, expm1, log, log1p, pow, remainder, sigmoid, sin, tanh } from "@nn/wasm/vector-math";
export type { Compile, Compiled, CompileOptions, ExplainOptions } from "../compile/compile-with.js";
export { createCompiler } from "./create-compiler.js";
export { diagnostics, type Diagnostics } from "./diagnostics.js";
export { argSort, convolution, cumProd, cumSum, matmul, randomBits, scatterAdd, windowArgMax, windowSum } from "./kernels.js";
export { oneByOne, type OneByOne } from "./one-by-one.js";
export type { ElementaryFunctions, KernelPart, KernelParts, Parts } from "./part.js";
export { threads, type Crew, type Threads } from "./threads.js";
