import { mean, sum, type Tensor } from "@nn/tensor";
import { requireDType, requireKind, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";

/** How the losses of single elements become the result: their mean, their sum, or all of them as they are. */
export type Reduction = "mean" | "sum" | "none";

/** What every loss takes. */
export interface LossOptions {
  /** Default `"mean"`. */
  readonly reduction?: Reduction | undefined;
}

/** The kinds of the options that a loss has besides those of every loss. */
export type OwnKinds<Options> = Omit<OptionKinds<Options>, "reduction">;

const reductions = ["mean", "sum", "none"] as const;

/** Refuses options that a loss does not have, and values of another kind. */
export function requireLossOptions<Options extends LossOptions>(operation: string, options: Options, own: OwnKinds<Options>): void {
  requireOptions(operation, options, { ...own, reduction: reductions });
}

/**
 * Reduces the losses of single elements. Where elements count by weights that the losses already contain, the mean is
 * `Σ losses / Σ weights`. The mean of nothing is NaN, as in PyTorch. For losses of your own, too.
 * @throws ArgumentError for another reduction.
 */
export function reduceLosses(losses: Tensor, reduction: Reduction = "mean", weights?: Tensor): Tensor {
  requireTensor("reduceLosses", losses, "losses");
  requireDType("reduceLosses", losses.dtype, ["float32", "float64"], "losses");
  if (weights !== undefined) requireTensor("reduceLosses", weights, "weights");
  requireKind("reduceLosses", "reduction", reduction, reductions);
  if (reduction === "none") return losses;
  if (reduction === "sum") return sum(losses);
  return weights === undefined ? mean(losses) : sum(losses).div(sum(weights));
}
