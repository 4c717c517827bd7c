/**
 * Compilers with chosen features, for small bundles.
 *
 * @packageDocumentation
 */

export { atan2, cos, erf, erfc, erfInv, exp, expm1, log, log1p, pow, remainder, sigmoid, sin, tanh } from "./functions.js";
export type { ExplainOptions } from "../diagnostics/explain.js";
export type { Compile, Compiled, CompileOptions } from "../compile/compile-with.js";
export { allFeatures } from "./all-features.js";
export { createCompiler } from "./create-compiler.js";
export { diagnostics, type Diagnostics } from "./diagnostics.js";
export { argSort, bfloat16Matmul, convolution, cumProd, cumSum, matmul, quantizedMatmul, randomBits, scatterAdd, windowArgMax, windowSum } from "./kernels.js";
export { programStore, type ProgramStorage } from "../store/program-store.js";
export type { ProgramStore } from "../compile/program-store.js";
export { scalar } from "./scalar.js";
export { steps, type Steps } from "../compile/steps.js";
export type { ScalarCode } from "../emit/lanes.js";
export type { ElementaryFunctions, Feature, Features, FunctionFeature, KernelFeature, KernelFeatures } from "./feature.js";
export { threads, type Threads, type ThreadTeam } from "../runtime/threads.js";
