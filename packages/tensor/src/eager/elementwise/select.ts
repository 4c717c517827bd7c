import type { ElementwiseLoop } from "./by-blocks.js";

export const select: ElementwiseLoop = (count, out, condition, x, y) => {
  for (let i = 0; i < count; i++) out[i] = (condition[i] === 0 ? y[i] : x[i]) as number;
};
