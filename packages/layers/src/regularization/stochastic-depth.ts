import { ShapeError, type RandomOptions, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { drop } from "./dropout.js";

/** Options of {@link StochasticDepth}. */
export interface StochasticDepthOptions extends RandomOptions {
  /** Whether to drop each example separately (`"row"`, default) or the whole batch at once (`"batch"`). */
  readonly mode?: "row" | "batch" | undefined;
}

const depthOptions: OptionKinds<StochasticDepthOptions> = { mode: ["row", "batch"], generator: "any" };

/**
 * Sets whole examples to zero with a probability and scales the others by `1 / (1 − probability)` (Huang et al. 2016,
 * "drop path"), as in torchvision. In evaluation mode it returns the input. At the end of the body of a `Residual`, it skips blocks at
 * random.
 *
 * Shapes: `[N, …]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class StochasticDepth extends Module {
  readonly probability: number;
  readonly mode: "row" | "batch";
  readonly #random: RandomOptions;

  constructor(probability: number, options: StochasticDepthOptions = {}) {
    super();
    requireKind("StochasticDepth", "probability", probability, "probability");
    takeOptions("StochasticDepth", this, options, depthOptions);
    const { mode = "row", ...random } = options;
    this.probability = probability;
    this.mode = mode;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    requireFloat("StochasticDepth", x);
    if (x.rank < 1) throw new ShapeError(`StochasticDepth: input is ${formatShape(x.shape)}, expected [N, ...]`);
    if (!this.training) return x;
    const units = x.shape.map((length, axis) => (axis === 0 && this.mode === "row" ? length : 1));
    return drop(x, this.probability, units, this.#random);
  }
}
