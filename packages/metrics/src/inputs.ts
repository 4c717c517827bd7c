import type { Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** The inputs of most metrics: the prediction, then the target, in the order of losses, then a weight for each example. */
export type ScoredInputs = readonly [prediction: Tensor, target: Tensor, sampleWeight?: Tensor | undefined];

/** The option of functions over all examples at once. */
export interface SampleWeightOptions {
  /** The weight of each example, at least 0; default 1. */
  readonly sampleWeight?: Tensor | undefined;
}

/** The kind of this option. */
export const sampleWeightOptions: OptionKinds<SampleWeightOptions> = { sampleWeight: "tensor" };

/** The option of accumulators whose result needs all examples. */
export interface CapacityOptions {
  /**
   * The largest number of examples. With it, `update` can be compiled, and further examples are an error. Default: the memory grows, and `update`
   * cannot be compiled.
   */
  readonly capacity?: number | undefined;
}

/** The kind of this option. */
export const capacityOptions: OptionKinds<CapacityOptions> = { capacity: "count" };
