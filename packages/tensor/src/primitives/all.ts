// Every primitive under its name: `primitives.add` of this module is the one definition, and the others are left out by bundlers.
export { convolution, matmul, windowArgMax, windowSum } from "./contraction.js";
export {
  abs, add, atan2, bitwiseAnd, bitwiseLeftShift, bitwiseOr, bitwiseRightShift, bitwiseXor, cast, ceil, cos, div, equal, erf, erfc,
  erfInv, exp, expm1, floor, less, lessEqual, log, log1p, logicalAnd, logicalNot, logicalOr, maximum, minimum, mul, neg, pow, remainder,
  round, select, sigmoid, sign, sin, sqrt, sub, tanh, trunc,
} from "./elementwise.js";
export { gather, scatterAdd } from "./indexing.js";
export { concat, expand, flip, pad, permute, reshape, slice } from "./movement.js";
export { argMax, argMin, argSort, cumprod, cumsum, max, min, prod, sum } from "./reduction.js";
export { full, host, iota, randomBits } from "./source.js";
