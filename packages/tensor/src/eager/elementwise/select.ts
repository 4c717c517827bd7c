import type { DType } from "../../dtype.js";
import type { Loops } from "./loops.js";

/** By the dtype of the branches. */
export const select: Loops<DType> = {
  bool: (count, out, condition, x, y) => { for (let i = 0; i < count; i++) out[i] = (condition[i] === 0 ? y[i] : x[i]) as number; },
  int32: (count, out, condition, x, y) => { for (let i = 0; i < count; i++) out[i] = (condition[i] === 0 ? y[i] : x[i]) as number; },
  float32: (count, out, condition, x, y) => { for (let i = 0; i < count; i++) out[i] = (condition[i] === 0 ? y[i] : x[i]) as number; },
  float64: (count, out, condition, x, y) => { for (let i = 0; i < count; i++) out[i] = (condition[i] === 0 ? y[i] : x[i]) as number; },
};
