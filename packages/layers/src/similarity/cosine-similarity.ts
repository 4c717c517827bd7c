import { cosineSimilarity, type CosineSimilarityOptions, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/**
 * Cosine of the angle between vectors: `x·y / (max(‖x‖, ε) · max(‖y‖, ε))` along an axis, default 1.
 *
 * Shapes: inputs that broadcast, output without the axis.
 */
export class CosineSimilarity extends Module {
  readonly #options: CosineSimilarityOptions;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    this.#options = options;
  }

  forward(x: Tensor, y: Tensor): Tensor {
    return cosineSimilarity(x, y, this.#options);
  }
}
