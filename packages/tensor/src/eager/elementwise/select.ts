import type { ElementwiseLoop } from "./by-blocks.js";

export const select: ElementwiseLoop = (count, condition, x, y) => {
  for (let i = 0; i < count; i++) condition[i] = (condition[i] === 0 ? y[i] : x[i]) as number;
};
