import { atan2, cos, erf, erfc, erfInv, exp, expm1, log, log1p, pow, remainder, sigmoid, sin, tanh } from "@nn/wasm/vector-math";
import { diagnostics } from "./diagnostics.js";
import { argSort, convolution, cumProd, cumSum, matmul, randomBits, scatterAdd, windowArgMax, windowSum } from "./kernels.js";
import { oneByOne } from "./one-by-one.js";
import type { Parts } from "./part.js";
import { threads } from "./threads.js";

/** All parts that there are. */
export const everything: Required<Parts> = {
  matmul, convolution, windowSum, windowArgMax, argSort, cumSum, cumProd, scatterAdd, randomBits,
  exp, expm1, log, log1p, sin, cos, tanh, sigmoid, erf, erfc, erfInv, pow, atan2, remainder,
  oneByOne, threads, diagnostics,
};
