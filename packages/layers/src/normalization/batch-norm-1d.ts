import { BatchNorm } from "./batch-norm.js";

/**
 * Batch normalisation (Ioffe and Szegedy 2015): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias` for each channel.
 *
 * In training the mean and the (biased) variance are those of the batch, and the running ones move towards them by
 * `momentum` (the variance there is the unbiased one); in evaluation they are the running ones.
 *
 * Shapes: `[N, C]` or `[N, C, L]`, statistics over all axes but C; `weight`, `bias`, `runningMean`, `runningVar` `[C]`,
 * `numBatchesTracked` an int32 scalar.
 * @throws ShapeError for another shape, and in training for a single value per channel.
 */
export class BatchNorm1d extends BatchNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts;
  }
}

const layouts: ReadonlyMap<number, string> = new Map([[2, "[N, C]"], [3, "[N, C, L]"]]);
