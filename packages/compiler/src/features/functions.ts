import * as vectorMath from "@nn/wasm/vector-math";
import type { FunctionFeature } from "./feature.js";

/** The angle of a point. */
export const atan2: FunctionFeature<"atan2"> = { feature: "atan2", code: vectorMath.atan2 };
/** Cosine. */
export const cos: FunctionFeature<"cos"> = { feature: "cos", code: vectorMath.cos };
/** The error function. */
export const erf: FunctionFeature<"erf"> = { feature: "erf", code: vectorMath.erf };
/** The complementary error function. */
export const erfc: FunctionFeature<"erfc"> = { feature: "erfc", code: vectorMath.erfc };
/** The inverse of the error function. */
export const erfInv: FunctionFeature<"erfInv"> = { feature: "erfInv", code: vectorMath.erfInv };
/** The exponential function. */
export const exp: FunctionFeature<"exp"> = { feature: "exp", code: vectorMath.exp };
/** `exp(x) − 1`. */
export const expm1: FunctionFeature<"expm1"> = { feature: "expm1", code: vectorMath.expm1 };
/** The natural logarithm. */
export const log: FunctionFeature<"log"> = { feature: "log", code: vectorMath.log };
/** `log(1 + x)`. */
export const log1p: FunctionFeature<"log1p"> = { feature: "log1p", code: vectorMath.log1p };
/** Powers. */
export const pow: FunctionFeature<"pow"> = { feature: "pow", code: vectorMath.pow };
/** Remainders of divisions. */
export const remainder: FunctionFeature<"remainder"> = { feature: "remainder", code: vectorMath.remainder };
/** The logistic function. */
export const sigmoid: FunctionFeature<"sigmoid"> = { feature: "sigmoid", code: vectorMath.sigmoid };
/** Sine. */
export const sin: FunctionFeature<"sin"> = { feature: "sin", code: vectorMath.sin };
/** Hyperbolic tangent. */
export const tanh: FunctionFeature<"tanh"> = { feature: "tanh", code: vectorMath.tanh };
