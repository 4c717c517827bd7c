import type { MathFunctions } from "../code.js";
import { erf, erfc, erfInv } from "./error-function.js";
import { exp, expm1, sigmoid, tanh } from "./exponential.js";
import { log, log1p } from "./logarithm.js";
import { pow } from "./power.js";
import { remainder } from "./remainder.js";
import { atan2, cos, sin } from "./trigonometry.js";

/** The elementary functions on four float32. */
export const vectorMath: MathFunctions<"v128"> = {
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
