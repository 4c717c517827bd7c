import { InstanceNorm } from "./instance-norm.js";

/** Instance normalisation of images, `[N, C, H, W]` or `[C, H, W]`: see {@link InstanceNorm1d}. */
export class InstanceNorm2d extends InstanceNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts;
  }
}

const layouts: ReadonlyMap<number, string> = new Map([[4, "[N, C, H, W] or [C, H, W]"]]);
