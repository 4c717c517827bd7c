import { mean, sum, type Tensor } from "@nn/tensor";
import { requireDType, requireKind, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";

/** How the losses of single elements are combined: their mean, their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

/** Options of every loss. */
export interface LossOptions {
  /** Default `"mean"`. */
  readonly reduction?: Reduction | undefined;
}

/** The kinds of a loss's own options. */
export type OwnKinds<Options> = Omit<OptionKinds<Options>, "reduction">;

const reductions = ["mean", "sum", "none"] as const;

/** Refuses options that a loss does not have, and values of a wrong kind. */
export function requireLossOptions<Options extends LossOptions>(operation: string, options: Options, own: OwnKinds<Options>): void {
  requireOptions(operation, options, { ...own, reduction: reductions });
}

/**
 * Reduces the losses of single elements. Use it for your own losses too. If the losses already contain weights, pass these too:
 * the mean is then `Σ losses / Σ weights`. The mean of no elements is NaN, as in PyTorch.
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
