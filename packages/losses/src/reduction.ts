import { ArgumentError, mean, sum, type Tensor } from "@nn/tensor";

/** How the losses of single elements become the result: their mean, their sum, or all of them as they are. */
export type Reduction = "mean" | "sum" | "none";

/** What every loss takes. */
export interface LossOptions {
  /** Default `"mean"`. */
  readonly reduction?: Reduction | undefined;
}

/**
 * Reduces the losses of single elements. Where elements count by weights that the losses already contain, the mean is
 * `Σ losses / Σ weights`. The mean of nothing is NaN, as in PyTorch. For losses of your own, too.
 * @throws ArgumentError for another reduction.
 */
export function reduceLosses(losses: Tensor, reduction: Reduction = "mean", weights?: Tensor): Tensor {
  switch (reduction) {
    case "mean":
      return weights === undefined ? mean(losses) : sum(losses).div(sum(weights));
    case "sum":
      return sum(losses);
    case "none":
      return losses;
    default:
      throw new ArgumentError(`reduceLosses: reduction is ${String(reduction)}, expected "mean", "sum" or "none"`);
  }
}
