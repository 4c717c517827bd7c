import { pairwiseDistance, type PairwiseDistanceOptions, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

const distanceOptions: OptionKinds<PairwiseDistanceOptions> = { p: "number", epsilon: "finite", keepAxes: "boolean" };

/**
 * Distance of vectors along the last axis: `‖x − y + ε‖ₚ`.
 *
 * Shapes: inputs that broadcast, output without the last axis (with `keepAxes`, with size 1 there).
 */
export class PairwiseDistance extends Module {
  readonly #options: PairwiseDistanceOptions;

  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    takeOptions("PairwiseDistance", this, options, distanceOptions);
    this.#options = options;
  }

  forward(x: Tensor, y: Tensor): Tensor {
    return pairwiseDistance(x, y, this.#options);
  }
}
