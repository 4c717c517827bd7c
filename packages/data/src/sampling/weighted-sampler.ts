import { ArgumentError, isTensor, type Tensor } from "@nn/tensor";
import { describeValue, Printable, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { naturalLog } from "../portable-math.js";
import { Random } from "../random.js";
import { requireAvailable, type Sampler } from "./sampler.js";

/** Options of {@link weightedSampler}. */
export interface WeightedSamplerOptions {
  /** Items of an epoch. Default: as many as there are weights. */
  readonly count?: number;
  /** Whether an item may be drawn more than once in an epoch. Default true. */
  readonly replacement?: boolean;
}

const weightedOptions: OptionKinds<WeightedSamplerOptions> = { count: "count", replacement: "boolean" };

/**
 * A {@link Sampler} that draws item `i` with the probability `wᵢ / Σ w`, independently in every epoch. Items of weight 0 are never drawn.
 *
 * Without replacement, each draw has these probabilities among the items that are left (Efraimidis and Spirakis 2006: the items with the largest
 * `log(u) / w`). PyTorch: `WeightedRandomSampler`.
 *
 * @example
 * ```ts
 * import { ArrayDataset, DataLoader, weightedSampler } from "@nn/data";
 * const data = new ArrayDataset(["common", "common", "rare", "never"]);
 * const loader = new DataLoader(data, { sampler: weightedSampler([1, 1, 2, 0], { count: 1000 }), seed: 1, batchSize: 1000 });
 * for (const batch of loader) {
 *   batch.filter((each) => each === "rare").length; // => 506
 *   batch.includes("never"); // => false
 * }
 * ```
 * @param weights - one for each item of the data set, not negative; a list or a tensor.
 * @throws ArgumentError for weights that are negative, not finite or all 0, and for a `count` that cannot be drawn without replacement.
 */
export function weightedSampler(weights: ArrayLike<number> | Tensor, options: WeightedSamplerOptions = {}): Sampler {
  requireOptions("weightedSampler", options, weightedOptions);
  const own = requireWeights(weights);
  const { count = own.length, replacement = true } = options;
  if (!replacement) requireAvailable("weightedSampler", count, own.filter((weight) => weight > 0).length, "items with a weight above 0");
  return new WeightedSampler(own, count, replacement);
}

class WeightedSampler extends Printable implements Sampler {
  readonly length: number;
  readonly replacement: boolean;
  readonly weights: Float64Array;

  constructor(weights: Float64Array, count: number, replacement: boolean) {
    super();
    this.weights = weights;
    this.length = count;
    this.replacement = replacement;
  }

  indices(seed: number, epoch: number): Int32Array {
    const random = new Random(seed, epoch);
    return this.replacement ? drawn(this.weights, this.length, random) : drawnOnce(this.weights, this.length, random);
  }

  override toString(): string {
    return `weighted sampler: ${this.length} of ${this.weights.length} items, ${this.replacement ? "with" : "without"} replacement`;
  }
}

function requireWeights(weights: unknown): Float64Array {
  const list: unknown = isTensor(weights) ? weights.data("weightedSampler") : weights;
  if (!Array.isArray(list) && !(ArrayBuffer.isView(list) && "length" in list)) {
    throw new ArgumentError(`weightedSampler: weights are ${describeValue(weights)}, expected a list of numbers or a tensor`);
  }
  const values = list as ArrayLike<unknown>;
  const own = Float64Array.from(values, (weight, index) => {
    if (typeof weight === "number" && weight >= 0 && weight < Infinity) return weight;
    throw new ArgumentError(`weightedSampler: weight ${index} is ${describeValue(weight)}, expected a finite number of at least 0`);
  });
  const total = own.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Infinity)) {
    throw new ArgumentError(`weightedSampler: ${own.length === 0 ? "there are no weights" : `the sum of the weights is ${total}`}, expected a finite sum above 0`);
  }
  return own;
}

/** Each draw by the inverse of the distribution function: the first item at which the sum of the weights exceeds `u · Σ w`. */
function drawn(weights: Float64Array, count: number, random: Random): Int32Array {
  let total = 0;
  const sums = weights.map((weight) => (total += weight));
  return Int32Array.from({ length: count }, () => {
    const limit = random.precise() * total;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > limit) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

function drawnOnce(weights: Float64Array, count: number, random: Random): Int32Array {
  // 1 − u lies in (0, 1], so that its logarithm is finite.
  const keys = weights.map((weight) => naturalLog(1 - random.precise()) / weight);
  const candidates = Int32Array.from(keys.keys()).filter((index) => (weights[index] as number) > 0);
  return candidates.toSorted((a, b) => (keys[b] as number) - (keys[a] as number) || a - b).slice(0, count);
}
