import { perAxis, type PerAxis } from "@nn/tensor";
import type { SpatialAxes } from "../spatial.js";

/** Refuses options of windows that have not one whole number for each spatial axis. */
export function checkWindows(
  operation: string, axes: SpatialAxes, { stride, padding, dilation }: { readonly stride?: PerAxis | undefined; readonly padding?: PerAxis | undefined; readonly dilation?: PerAxis | undefined },
): void {
  if (stride !== undefined) perAxis(operation, "stride", stride, axes, 1);
  if (padding !== undefined) perAxis(operation, "padding", padding, axes, 0);
  if (dilation !== undefined) perAxis(operation, "dilation", dilation, axes, 1);
}
