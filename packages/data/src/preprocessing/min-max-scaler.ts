import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { featuresOf, mapFeatures, statisticsOf, type MissingPolicy } from "./features.js";
import { scalerOptions, type ScalerOptions } from "./standardizer.js";
import { StateReader } from "./state.js";

/** Options of {@link MinMaxScaler}. */
export interface MinMaxOptions extends ScalerOptions {
  /** The results for the smallest and the largest value. Default `[0, 1]`. */
  readonly range?: readonly [low: number, high: number];
}

/** The JSON form of a {@link MinMaxScaler}. */
export interface MinMaxState {
  readonly type: "MinMaxScaler";
  readonly missing: MissingPolicy;
  readonly range: readonly [number, number];
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
  readonly mean: readonly number[];
}

/**
 * Scales each feature to a range: `low + (x − min) / (max − min) · (high − low)`, with the minimum and maximum of the items that it was
 * fitted on. Other items may be outside of the range. A feature that is constant in the fit becomes `low`. Features are the last axis.
 *
 * @example
 * ```ts
 * import { MinMaxScaler } from "@nn/data";
 * import { tensor } from "@nn/tensor";
 * const scaler = MinMaxScaler.fit(tensor([[0], [10]]), { range: [-1, 1] });
 * scaler.transform(tensor([[5], [20]])).toArray(); // => [[0], [3]]
 * ```
 */
export class MinMaxScaler {
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
  readonly range: readonly [low: number, high: number];
  readonly missing: MissingPolicy;
  readonly mean: readonly number[];

  private constructor({ minimum, maximum, range, missing, mean }: Omit<MinMaxState, "type">) {
    this.minimum = minimum;
    this.maximum = maximum;
    this.range = range;
    this.missing = missing;
    this.mean = mean;
  }

  /** @throws FormatError if a value is infinite, a value is missing although `missing` does not allow it, or a feature has no known value. */
  static fit(x: Tensor, options: MinMaxOptions = {}): MinMaxScaler {
    requireOptions("MinMaxScaler.fit", options, { ...scalerOptions, range: "any" });
    const { missing = "error", range = [0, 1] } = options;
    requireRange(range);
    return new MinMaxScaler({ ...statisticsOf(featuresOf("MinMaxScaler.fit", x), missing), missing, range });
  }

  /** @throws ShapeError if the number of features differs from the fit. */
  transform(x: Tensor): Tensor {
    const [low, high] = this.range;
    const change = (value: number, feature: number): number => low + ((value - (this.minimum[feature] as number)) / this.#span(feature)) * (high - low);
    return mapFeatures(featuresOf("MinMaxScaler.transform", x, this.minimum.length), this.missing, change, this.mean);
  }

  /** Inverts {@link MinMaxScaler.transform}. */
  inverseTransform(x: Tensor): Tensor {
    const [low, high] = this.range;
    const change = (value: number, feature: number): number => (this.minimum[feature] as number) + ((value - low) / (high - low)) * this.#span(feature);
    return mapFeatures(featuresOf("MinMaxScaler.inverseTransform", x, this.minimum.length), "keep", change, this.mean);
  }

  /** The range `max − min` of a feature; 1 if the feature is constant. */
  #span(feature: number): number {
    const span = (this.maximum[feature] as number) - (this.minimum[feature] as number);
    return span === 0 ? 1 : span;
  }

  /** The fitted state as plain data for a file; pass it to `fromJSON`. */
  toJSON(): MinMaxState {
    const { missing, range, minimum, maximum } = this;
    return { type: "MinMaxScaler", missing, range, minimum, maximum, mean: this.mean };
  }

  /** Restores a scaler from its JSON, as text or parsed. */
  static fromJSON(value: unknown): MinMaxScaler {
    const state = new StateReader("MinMaxScaler", value);
    const [minimum, maximum, mean] = [state.numbers("minimum"), state.numbers("maximum"), state.numbers("mean")];
    if (minimum.length !== maximum.length || minimum.length !== mean.length) {
      throw new FormatError("MinMaxScaler.fromJSON", "expected lists of minima, maxima and means of the same length");
    }
    const [low = Number.NaN, high = Number.NaN] = state.numbers("range");
    requireRange([low, high]);
    return new MinMaxScaler({ minimum, maximum, mean, range: [low, high], missing: state.oneOf("missing", ["error", "keep", "mean"]) });
  }
}

function requireRange(range: readonly [number, number]): void {
  if (!Array.isArray(range) || range.length !== 2) throw new ArgumentError(`MinMaxScaler: range is ${describeValue(range)}, expected two finite numbers, the lower one first`);
  const [low, high] = range;
  if (!(low < high) || !Number.isFinite(high - low)) throw new ArgumentError(`MinMaxScaler: range is [${low}, ${high}], expected two finite numbers, the lower one first`);
}
