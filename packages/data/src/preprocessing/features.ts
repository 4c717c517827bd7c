import { ShapeError, Tensor, type FloatDType } from "@nn/tensor";
import { allocate, formatShape, isFloat, requireTensor } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";

/** What a scaler does with a missing value (NaN). */
export type MissingPolicy = "error" | "keep" | "mean";

/** A tensor seen as a matrix: the last axis holds the features, and all other axes together hold the items. */
export interface Features {
  readonly operation: string;
  readonly shape: readonly number[];
  readonly dtype: FloatDType;
  readonly items: number;
  readonly features: number;
  readonly data: ArrayLike<number>;
}

/**
 * The elements of a tensor as a matrix of items and features.
 * @throws ShapeError if it is a scalar or has another number of features than `expected`.
 */
export function featuresOf(operation: string, x: Tensor, expected?: number): Features {
  requireTensor(operation, x);
  const features = x.shape.at(-1);
  if (features === undefined || (expected !== undefined && features !== expected)) {
    const wanted = expected === undefined ? "at least one axis, the features" : `${expected} features on the last axis, as when it was fitted`;
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${wanted}`);
  }
  const items = features === 0 ? 0 : x.size / features;
  return { operation, shape: x.shape, dtype: isFloat(x.dtype) ? x.dtype : "float32", items, features, data: x.data(operation) };
}

/** Mean, range and standard deviation of each feature over its known values. */
export interface FeatureStatistics {
  readonly mean: number[];
  /** The population standard deviation: the divisor is the number of values, not one less. */
  readonly standardDeviation: number[];
  readonly minimum: number[];
  readonly maximum: number[];
}

/**
 * Statistics of the features, in float64.
 * @throws FormatError if a value is infinite, a value is missing although `missing` does not allow it, or a feature has no known value.
 */
export function statisticsOf({ operation, items, features, data }: Features, missing: MissingPolicy): FeatureStatistics {
  const count = new Float64Array(features);
  const mean = new Array<number>(features).fill(0);
  const minimum = new Array<number>(features).fill(Number.POSITIVE_INFINITY);
  const maximum = new Array<number>(features).fill(Number.NEGATIVE_INFINITY);
  const squares = new Float64Array(features);
  for (let item = 0; item < items; item++) {
    for (let feature = 0; feature < features; feature++) {
      const value = data[item * features + feature] as number;
      requireKnown(operation, value, item, feature, missing);
      if (Number.isNaN(value)) continue;
      // Welford (1962): a sum of squares without cancellation.
      const known = (count[feature] = (count[feature] as number) + 1);
      const deviation = value - (mean[feature] as number);
      mean[feature] = (mean[feature] as number) + deviation / known;
      squares[feature] = (squares[feature] as number) + deviation * (value - (mean[feature] as number));
      minimum[feature] = Math.min(minimum[feature] as number, value);
      maximum[feature] = Math.max(maximum[feature] as number, value);
    }
  }
  const unknown = count.indexOf(0);
  if (unknown >= 0) throw new FormatError(operation, `feature ${unknown} has no known value in ${items} items; leave it out`);
  const standardDeviation = Array.from(squares, (sum, feature) => Math.sqrt(sum / (count[feature] as number)));
  const overflown = standardDeviation.findIndex((deviation, feature) => !Number.isFinite(deviation) || !Number.isFinite(mean[feature]) || !Number.isFinite((maximum[feature] as number) - (minimum[feature] as number)));
  if (overflown >= 0) {
    throw new FormatError(operation, `feature ${overflown} has values from ${minimum[overflown]} to ${maximum[overflown]}, too far apart to be scaled`, {}, { fix: "check these values, or leave the feature out" });
  }
  return { mean, standardDeviation, minimum, maximum };
}

/** A tensor of the same shape with the elements `change(value, feature)`; missing values are kept or replaced. */
export function mapFeatures(
  { operation, shape, dtype, items, features, data }: Features, missing: MissingPolicy, change: (value: number, feature: number) => number, mean: readonly number[],
): Tensor {
  const result = allocate(dtype, items * features);
  for (let item = 0; item < items; item++) {
    for (let feature = 0; feature < features; feature++) {
      const value = data[item * features + feature] as number;
      requireKnown(operation, value, item, feature, missing);
      const known = Number.isNaN(value) && missing === "mean" ? (mean[feature] as number) : value;
      result[item * features + feature] = change(known, feature);
    }
  }
  return new Tensor(shape, dtype, result);
}

function requireKnown(operation: string, value: number, item: number, feature: number, missing: MissingPolicy): void {
  if (Number.isFinite(value) || (Number.isNaN(value) && missing !== "error")) return;
  const fix = Number.isNaN(value) ? '; missing values are allowed with missing: "mean" or "keep"' : "";
  throw new FormatError(operation, `item ${item} has ${value} as feature ${feature}, expected a finite number${fix}`);
}
