import type { Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** What most metrics take: the prediction comes first, then the target, as in losses; then a weight for each example. */
export type ScoredInputs = readonly [prediction: Tensor, target: Tensor, sampleWeight?: Tensor | undefined];

/** The option of functions over all examples at once. */
export interface SampleWeightOptions {
  /** The weight of each example, at least 0; default 1. */
  readonly sampleWeight?: Tensor | undefined;
}

/** Its kind. */
export const sampleWeightOptions: OptionKinds<SampleWeightOptions> = { sampleWeight: "tensor" };

/** The option of accumulators whose result needs all examples. */
export interface CapacityOptions {
  /**
   * The most examples that there may be. With it `update` can be compiled, and more examples are an error. Default: the memory grows, and `update`
   * cannot be compiled.
   */
  readonly capacity?: number | undefined;
}

/** Its kind. */
export const capacityOptions: OptionKinds<CapacityOptions> = { capacity: "count" };
