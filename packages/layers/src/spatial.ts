/** Number of spatial axes: 1 for sequences, 2 for images, 3 for volumes. */
export type SpatialAxes = 1 | 2 | 3;

/** The layout of a batch, as error messages write it. */
export const layouts: Readonly<Record<SpatialAxes, string>> = { 1: "[N, C, L]", 2: "[N, C, H, W]", 3: "[N, C, D, H, W]" };
