import type { Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { featuresOf, mapFeatures, statisticsOf, type MissingPolicy } from "./features.js";
import { StateReader } from "./state.js";

/** Options of {@link Standardizer} and {@link MinMaxScaler}. */
export interface ScalerOptions {
  /**
   * What happens to missing values (NaN): `"error"` refuses them, `"mean"` replaces them by the mean of the fit, `"keep"` keeps them.
   * The statistics are those of the known values. Default `"error"`.
   */
  readonly missing?: MissingPolicy;
}

/** The kinds of {@link ScalerOptions}. */
export const scalerOptions: OptionKinds<ScalerOptions> = { missing: ["error", "keep", "mean"] };

/** The JSON form of a {@link Standardizer}. */
export interface StandardizerState {
  readonly type: "Standardizer";
  readonly missing: MissingPolicy;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Shifts and scales each feature to mean 0 and standard deviation 1 on the items that it was fitted on: `(x − mean) / scale`.
 * A constant feature becomes 0. Features are the last axis; integers become float32.
 *
 * Fit it on the training split only, so that no information about the test split enters training.
 *
 * @example
 * ```ts
 * import { Standardizer } from "@nn/data";
 * import { tensor } from "@nn/tensor";
 * const standardizer = Standardizer.fit(tensor([[1, 5], [3, 5]]));
 * standardizer.transform(tensor([[2, 5], [3, 6]])).toArray(); // => [[0, 0], [1, 1]]
 * Standardizer.fromJSON(JSON.stringify(standardizer)).mean; // => [2, 5]
 * ```
 */
export class Standardizer {
  readonly mean: readonly number[];
  /** The standard deviations (with divisor N, like scikit-learn's StandardScaler); 1 for a constant feature. */
  readonly scale: readonly number[];
  readonly missing: MissingPolicy;

  private constructor(mean: readonly number[], scale: readonly number[], missing: MissingPolicy) {
    this.mean = mean;
    this.scale = scale;
    this.missing = missing;
  }

  /** @throws FormatError if a value is infinite, a value is missing although `missing` does not allow it, or a feature has no known value. */
  static fit(x: Tensor, options: ScalerOptions = {}): Standardizer {
    requireOptions("Standardizer.fit", options, scalerOptions);
    const { missing = "error" } = options;
    const { mean, standardDeviation, minimum, maximum } = statisticsOf(featuresOf("Standardizer.fit", x), missing);
    // Rounding may give a constant feature a tiny deviation; dividing by it would amplify noise.
    const scale = standardDeviation.map((deviation, at) => (minimum[at] === maximum[at] || deviation === 0 ? 1 : deviation));
    return new Standardizer(mean.map((value, at) => (minimum[at] === maximum[at] ? (minimum[at] as number) : value)), scale, missing);
  }

  /** @throws ShapeError if the number of features differs from the fit. */
  transform(x: Tensor): Tensor {
    const { mean, scale } = this;
    const change = (value: number, feature: number): number => (value - (mean[feature] as number)) / (scale[feature] as number);
    return mapFeatures(featuresOf("Standardizer.transform", x, mean.length), this.missing, change, mean);
  }

  /** Inverts {@link Standardizer.transform}. */
  inverseTransform(x: Tensor): Tensor {
    const { mean, scale } = this;
    const change = (value: number, feature: number): number => value * (scale[feature] as number) + (mean[feature] as number);
    return mapFeatures(featuresOf("Standardizer.inverseTransform", x, mean.length), "keep", change, mean);
  }

  /** The fitted state as plain data for a file; pass it to `fromJSON`. */
  toJSON(): StandardizerState {
    return { type: "Standardizer", missing: this.missing, mean: this.mean, scale: this.scale };
  }

  /** Restores a standardizer from its JSON, as text or parsed. */
  static fromJSON(value: unknown): Standardizer {
    const state = new StateReader("Standardizer", value);
    const [mean, scale] = [state.numbers("mean"), state.numbers("scale")];
    if (mean.length !== scale.length || scale.includes(0)) throw new FormatError("Standardizer.fromJSON", "expected lists of scales and means of the same length, and no scale of 0");
    return new Standardizer(mean, scale, state.oneOf("missing", ["error", "keep", "mean"]));
  }
}
