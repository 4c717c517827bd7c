import type { Tensor } from "@nn/tensor";

/** What most metrics take: the prediction comes first, then the target, as in losses; then a weight for each example. */
export type ScoredInputs = readonly [prediction: Tensor, target: Tensor, sampleWeight?: Tensor | undefined];

/** The option of functions over all examples at once. */
export interface SampleWeightOptions {
  /** The weight of each example, at least 0; default 1. */
  readonly sampleWeight?: Tensor | undefined;
}
