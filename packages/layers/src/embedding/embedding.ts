import { arange, ArgumentError, embedding, notEqual, normal, where, type EmbeddingOptions, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts } from "../requirements.js";
import type { Initializer, InitializerOptions } from "../initializers/initializer.js";
import { limitNorms, type NormLimit } from "./norm-limit.js";

/** Options of {@link Embedding}. */
export interface EmbeddingLayerOptions extends EmbeddingOptions, NormLimit, InitializerOptions {
  /** Default: normal with mean 0 and standard deviation 1; zeros in the padding row. */
  readonly initializeWeight?: Initializer | undefined;
}

const layerOptions: OptionKinds<EmbeddingLayerOptions> = {
  paddingIndex: "integer", scaleGradientByFrequency: "boolean", maxNorm: "positive", normType: "number", initializeWeight: "function",
  dtype: ["float32", "float64"], generator: "any",
};

/**
 * A table of vectors, for example one for each word, looked up by index: `yᵢ = weight[xᵢ]`.
 *
 * The row `paddingIndex` is for padding: it starts as zeros and receives no gradient. `maxNorm` limits the norm of rows: before the
 * lookup, longer rows among those looked up are scaled down in the table itself. `scaleGradientByFrequency` divides the gradient of a
 * row by the number of its lookups.
 *
 * Shapes: input int32 of any shape `[…]`, output `[…, features]`; `weight` `[count, features]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Embedding } from "@nn/layers";
 * const words = new Embedding(1000, 16, { paddingIndex: 0 });
 * words.forward(tensor([[5, 7, 0], [3, 0, 0]], { dtype: "int32" })).shape; // => [2, 3, 16]
 * ```
 * @throws DTypeError if the input is not int32.
 */
export class Embedding extends Module {
  readonly count: number;
  readonly features: number;
  readonly paddingIndex: number | undefined;
  readonly weight: Parameter;
  readonly #options: EmbeddingOptions & NormLimit;

  constructor(count: number, features: number, options: EmbeddingLayerOptions = {}) {
    super();
    takeOptions("Embedding", this, options, layerOptions);
    const { paddingIndex, scaleGradientByFrequency, maxNorm, normType } = options;
    this.count = count;
    this.features = features;
    this.paddingIndex = paddingIndex;
    this.weight = tableOf("Embedding", count, features, options);
    this.#options = { paddingIndex, scaleGradientByFrequency, maxNorm, normType };
  }

  forward(x: Tensor): Tensor {
    limitNorms("Embedding", this.weight, x, this.#options);
    const { paddingIndex, scaleGradientByFrequency } = this.#options;
    return embedding(x, this.weight.value, { paddingIndex, scaleGradientByFrequency });
  }
}

/** The table of an embedding, with its initial values. */
export function tableOf(
  operation: string, count: number, features: number,
  { paddingIndex, initializeWeight = (shape, common) => normal(shape, common), dtype, generator }: EmbeddingLayerOptions,
): Parameter {
  requireCounts(operation, { count, features });
  if (paddingIndex === undefined) return createParameter(operation, "weight", initializeWeight, [count, features], { dtype, generator });
  if (!Number.isInteger(paddingIndex) || paddingIndex < -count || paddingIndex >= count) {
    throw new ArgumentError(`${operation}: paddingIndex is ${paddingIndex}, expected a row from ${-count} to ${count - 1}`);
  }
  const counts = notEqual(arange(count, { dtype: "int32" }), paddingIndex < 0 ? paddingIndex + count : paddingIndex);
  const initialize: Initializer = (shape, common) => where(counts.reshape([count, 1]), initializeWeight(shape, common), 0);
  return createParameter(operation, "weight", initialize, [count, features], { dtype, generator });
}
