import { atan2, cos, erf, erfc, erfInv, exp, expm1, log, log1p, pow, remainder, sigmoid, sin, tanh } from "./functions.js";
import { threads } from "../runtime/threads.js";
import { steps } from "../compile/steps.js";
import { diagnostics } from "./diagnostics.js";
import { argSort, convolution, cumProd, cumSum, matmul, randomBits, scatterAdd, windowArgMax, windowSum } from "./kernels.js";
import { scalar } from "./scalar.js";
import type { Features } from "./feature.js";

/**
 * The features of `compile` of `@nn/compiler`: all but `quantizedMatmul` and `bfloat16Matmul`, which only networks with smaller weights need. For these, add them:
 * `createCompiler({ ...allFeatures, quantizedMatmul, bfloat16Matmul })`.
 */
export const allFeatures: Required<Omit<Features, "quantizedMatmul" | "bfloat16Matmul">> = {
  matmul, convolution, windowSum, windowArgMax, argSort, cumSum, cumProd, scatterAdd, randomBits,
  exp, expm1, log, log1p, sin, cos, tanh, sigmoid, erf, erfc, erfInv, pow, atan2, remainder,
  scalar, threads, steps, diagnostics,
};
