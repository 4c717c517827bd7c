import { InstanceNorm } from "./instance-norm.js";

/**
 * Instance normalisation (Ulyanov et al. 2016): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias` for each channel of each instance alone.
 *
 * Scale and shift, and running statistics (the means over the instances) that serve in evaluation, are there only if asked for.
 *
 * Shapes: `[N, C, L]` or `[C, L]`, statistics over `L`; `weight`, `bias`, `runningMean`, `runningVar` `[C]`; `numBatchesTracked`
 * is an int32 scalar that stays 0, as in PyTorch.
 * @throws ShapeError for another shape, and in training for a single value per channel.
 */
export class InstanceNorm1d extends InstanceNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts;
  }
}

const layouts: ReadonlyMap<number, string> = new Map([[3, "[N, C, L] or [C, L]"]]);
