import type { MathFunctions } from "../code.js";
import { erf, erfc, erfInv } from "./error-function.js";
import { exp, expm1, sigmoid, tanh } from "./exponential.js";
import { log, log1p } from "./logarithm.js";
import { pow } from "./power.js";
import { remainder } from "./remainder.js";
import { atan2, cos, sin } from "./trigonometry.js";

/**
 * The elementary functions on one float64; special values as in `vectorMath`.
 *
 * Largest errors in units of the last place that samples have shown, against values of 60 digits:
 *
 * | function | ulp | | function | ulp | | function | ulp |
 * | --- | --- | --- | --- | --- | --- | --- | --- |
 * | exp | 0.8 | | sin, cos | 1.4 | | erfInv | 2.7 |
 * | expm1 | 1.3 | | tanh | 2.1 | | pow | 0.8 |
 * | log | 0.8 | | sigmoid | 2.1 | | atan2 | 2.4 |
 * | log1p | 0.8 | | erf, erfc | 1.7, 2.9 | | remainder | 0 |
 */
export const scalarMath: MathFunctions<"f64"> = {
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tanh,
  sigmoid,
  erf,
  erfc,
  erfInv,
  pow,
  atan2,
  remainder,
};
