import { BatchNorm } from "./batch-norm.js";

/** Batch normalisation of volumes, `[N, C, D, H, W]`: see {@link BatchNorm1d}. */
export class BatchNorm3d extends BatchNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts;
  }
}

const layouts: ReadonlyMap<number, string> = new Map([[5, "[N, C, D, H, W]"]]);
