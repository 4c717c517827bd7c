import type { ElementwiseLoops } from "./by-blocks.js";

export const select: ElementwiseLoops = [
  (count, out, condition, x, y) => { for (let i = 0; i < count; i++) out[i] = (condition[i] === 0 ? y[i] : x[i]) as number; },
];
