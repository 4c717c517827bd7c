/**
 * The closed table of primitives, each under its name. Everything that the library computes is a composition of these. The gradient rules
 * and the compiler's op kinds are exhaustive mapped types over it, so the type check finds a missing entry.
 *
 * Import it as `import * as primitives from "@nn/tensor/primitives"` and write `primitives.add`. Bundlers leave out the primitives that a
 * program does not name.
 *
 * @packageDocumentation
 */

export { bfloat16Matmul } from "./bfloat16.js";
export { convolution, matmul, windowArgMax, windowSum } from "./contraction.js";
export {
  abs, add, atan2, bitwiseAnd, bitwiseLeftShift, bitwiseOr, bitwiseRightShift, bitwiseXor, cast, ceil, cos, div, equal, erf, erfc,
  erfInv, exp, expm1, floor, less, lessEqual, log, log1p, logicalAnd, logicalNot, logicalOr, maximum, minimum, mul, neg, pow, remainder,
  round, select, sigmoid, sign, sin, sqrt, sub, tanh, trunc,
} from "./elementwise.js";
export { gather, scatterAdd } from "./indexing.js";
export { concat, expand, flip, pad, permute, reshape, slice } from "./movement.js";
export { quantizedMatmul } from "./quantized.js";
export { argMax, argMin, argSort, cumProd, cumSum, max, min, prod, sum } from "./reduction.js";
export { full, hostCallback, iota, randomBits } from "./source.js";
