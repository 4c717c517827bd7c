import { ArgumentError, embeddingBag, type EmbeddingBagOptions, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { tableOf, type EmbeddingLayerOptions } from "./embedding.js";
import { limitNorms, type NormLimit } from "./norm-limit.js";

/** Options of {@link EmbeddingBag}. */
export interface EmbeddingBagLayerOptions extends EmbeddingLayerOptions, Pick<EmbeddingBagOptions, "mode" | "includeLastOffset"> {}

const layerOptions: OptionKinds<EmbeddingBagLayerOptions> = {
  mode: ["sum", "mean", "max"], includeLastOffset: "boolean", paddingIndex: "integer", scaleGradientByFrequency: "boolean", maxNorm: "positive", normType: "number",
  initializeWeight: "function", dtype: ["float32", "float64"], generator: "any",
};

/** Options of a call: the start of each bag, and factors for the rows. */
export interface BagOptions extends Pick<EmbeddingBagOptions, "offsets" | "perSampleWeights"> {}

const bagOptions: OptionKinds<BagOptions> = { offsets: "tensor", perSampleWeights: "tensor" };

/**
 * Computes the mean (default), sum or maximum of a bag of rows of a table, for example of the words of a text: an `Embedding` and a
 * reduction in one layer.
 *
 * Shapes: input int32, `[bags, length]`, or `[total]` with the start of each bag in `offsets` `[bags]`; output
 * `[bags, features]`; `weight` `[count, features]`. Padding rows do not count; an empty bag gives zeros.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { EmbeddingBag } from "@nn/layers";
 * const words = tensor([1, 2, 4, 5, 4], { dtype: "int32" });
 * new EmbeddingBag(10, 3).forward(words, { offsets: tensor([0, 2], { dtype: "int32" }) }).shape; // => [2, 3]
 * ```
 * @throws ShapeError if the shapes of index, offsets or weights do not fit.
 * @throws ArgumentError if offsets are missing or not needed, and for weights if the mode is not `"sum"`.
 */
export class EmbeddingBag extends Module {
  readonly count: number;
  readonly features: number;
  readonly paddingIndex: number | undefined;
  readonly mode: "sum" | "mean" | "max";
  readonly weight: Parameter;
  readonly #options: EmbeddingBagOptions & NormLimit;

  constructor(count: number, features: number, options: EmbeddingBagLayerOptions = {}) {
    super();
    takeOptions("EmbeddingBag", this, options, layerOptions);
    const { mode = "mean", includeLastOffset, paddingIndex, scaleGradientByFrequency, maxNorm, normType } = options;
    if (mode === "max" && scaleGradientByFrequency === true) throw new ArgumentError('EmbeddingBag: scaleGradientByFrequency has no meaning for mode "max"; leave it out');
    this.count = count;
    this.features = features;
    this.paddingIndex = paddingIndex;
    this.mode = mode;
    this.weight = tableOf("EmbeddingBag", count, features, options);
    this.#options = { mode, includeLastOffset, paddingIndex, scaleGradientByFrequency, maxNorm, normType };
  }

  forward(x: Tensor, options: BagOptions = {}): Tensor {
    requireOptions("EmbeddingBag", options, bagOptions);
    const { offsets, perSampleWeights } = options;
    limitNorms("EmbeddingBag", this.weight, x, this.#options);
    const { mode, includeLastOffset, paddingIndex, scaleGradientByFrequency } = this.#options;
    return embeddingBag(x, this.weight.value, { mode, includeLastOffset, paddingIndex, scaleGradientByFrequency, offsets, perSampleWeights });
  }
}
