import { linspace, meshGrid, stack, type Tensor } from "@nn/tensor";

/** The points of a grid, `[side · side, 2]`: rows from the bottom up, and each from left to right. */
export function planePoints({ x, y, side }: { readonly x: readonly [number, number]; readonly y: readonly [number, number]; readonly side: number }): Tensor {
  return stack(meshGrid([linspace(...x, side), linspace(...y, side)], { indexing: "xy" }), 2).reshape([-1, 2]);
}
