import { tensor, type FloatDType, type RandomOptions, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { Dropout } from "../regularization/dropout.js";
import { requireCounts } from "../requirements.js";
import { addRows, type PositionOptions } from "./positions.js";

/** Options of {@link SinusoidalPositionalEncoding}. */
export interface SinusoidalPositionalEncodingOptions extends RandomOptions {
  /** Positions that there are; default 5000. */
  readonly maxLength?: number | undefined;
  /** Default 10,000. */
  readonly base?: number | undefined;
  /** Probability with which elements of the sum are dropped; default 0. */
  readonly dropout?: number | undefined;
  /** Whether input and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const encodingOptions: OptionKinds<SinusoidalPositionalEncodingOptions> = {
  maxLength: "count", base: "positive", dropout: "probability", batchFirst: "boolean", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Adds to each step waves of its position p, whose lengths rise from 2π to 2π · base (Vaswani et al. 2017):
 * `y₂ᵢ = x₂ᵢ + sin(p / base^(2i / features))`, `y₂ᵢ₊₁ = x₂ᵢ₊₁ + cos(p / base^(2i / features))`.
 *
 * Shapes: input and output `[steps, N, features]` (`[N, steps, features]` with `batchFirst`, `[steps, features]` without a batch).
 * There is nothing learned, and nothing in the state dictionary.
 * @throws ShapeError if the input has other features, or there are more steps than positions.
 */
export class SinusoidalPositionalEncoding extends Module {
  readonly features: number;
  readonly maxLength: number;
  readonly batchFirst: boolean;
  readonly dropout: Dropout;
  readonly #table: Tensor;

  constructor(features: number, options: SinusoidalPositionalEncodingOptions = {}) {
    super();
    takeOptions("SinusoidalPositionalEncoding", this, options, encodingOptions);
    const { maxLength = 5000, base = 10_000, dropout = 0, batchFirst = false, dtype = "float32", generator } = options;
    requireCounts("SinusoidalPositionalEncoding", { features });
    this.features = features;
    this.maxLength = maxLength;
    this.batchFirst = batchFirst;
    this.dropout = new Dropout(dropout, { generator });
    this.#table = waves(maxLength, features, base, dtype);
  }

  forward(x: Tensor, options: PositionOptions = {}): Tensor {
    return this.dropout.forward(addRows("SinusoidalPositionalEncoding", x, this.#table, this.batchFirst, options));
  }
}

function waves(length: number, features: number, base: number, dtype: FloatDType): Tensor {
  const values = Float64Array.from({ length: length * features }, (_, at) => {
    const feature = at % features;
    const angle = Math.floor(at / features) / base ** ((feature - (feature % 2)) / features);
    return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return tensor(values, { shape: [length, features], dtype });
}
