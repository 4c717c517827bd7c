import type { PerAxis, PoolingOptions } from "@nn/tensor";
import { paddingPerAxis, perAxis } from "@nn/tensor/extend";
import type { SpatialAxes } from "../spatial.js";

/** Refuses window options unless they give a whole number for each spatial axis; padding may give pairs. */
export function checkWindows(
  operation: string, axes: SpatialAxes, { stride, padding, dilation }: { readonly stride?: PerAxis | undefined; readonly padding?: PoolingOptions["padding"]; readonly dilation?: PerAxis | undefined },
): void {
  if (stride !== undefined) perAxis(operation, "stride", stride, axes, 1);
  if (padding !== undefined && padding !== "same") paddingPerAxis(operation, padding, axes);
  if (dilation !== undefined) perAxis(operation, "dilation", dilation, axes, 1);
}
