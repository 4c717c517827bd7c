import { BatchNorm } from "./batch-norm.js";

/** Batch normalisation of images, `[N, C, H, W]`: see {@link BatchNorm1d}. */
export class BatchNorm2d extends BatchNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts;
  }
}

const layouts: ReadonlyMap<number, string> = new Map([[4, "[N, C, H, W]"]]);
