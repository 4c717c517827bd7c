import { cosineSimilarity, pairwiseDistance, type CosineSimilarityOptions, type PairwiseDistanceOptions, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "./module.js";
import { takeOptions } from "./options.js";

const similarityOptions: OptionKinds<CosineSimilarityOptions> = { axis: "integer", epsilon: "nonNegative" };

/**
 * Cosine of the angle between vectors: `x·y / (max(‖x‖, ε) · max(‖y‖, ε))` along an axis, default 1.
 *
 * Shapes: inputs that broadcast, output without the axis.
 */
export class CosineSimilarity extends Module {
  readonly #options: CosineSimilarityOptions;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    takeOptions("CosineSimilarity", this, options, similarityOptions);
    this.#options = { ...options };
  }

  forward(x: Tensor, y: Tensor): Tensor {
    return cosineSimilarity(x, y, this.#options);
  }
}

const distanceOptions: OptionKinds<PairwiseDistanceOptions> = { p: "number", epsilon: "finite", keepAxes: "boolean" };

/**
 * Distance between vectors along the last axis: `‖x − y + ε‖ₚ`.
 *
 * Shapes: inputs that broadcast, output without the last axis (`keepAxes` keeps it with size 1).
 */
export class PairwiseDistance extends Module {
  readonly #options: PairwiseDistanceOptions;

  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    takeOptions("PairwiseDistance", this, options, distanceOptions);
    this.#options = { ...options };
  }

  forward(x: Tensor, y: Tensor): Tensor {
    return pairwiseDistance(x, y, this.#options);
  }
}
