import { InstanceNorm } from "./instance-norm.js";

/** Instance normalisation of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`: see {@link InstanceNorm1d}. */
export class InstanceNorm3d extends InstanceNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts;
  }
}

const layouts: ReadonlyMap<number, string> = new Map([[5, "[N, C, D, H, W] or [C, D, H, W]"]]);
