import { logNormalDensity, normalMass } from "../normal-distribution.js";
import type { RandomStream } from "../random-stream.js";
import { binOf, discreteIndex, exists, valueCount, type Dimension, type Point } from "../space/dimension.js";

/**
 * The density of one dimension around one observation. The prior is a kernel too: uniform over choices, and a broad normal distribution in the middle
 * for numbers.
 */
export type Kernel =
  /** A normal distribution truncated to [0, 1]; for integers, the probability of the interval of each. */
  | { readonly mean: number; readonly sigma: number }
  /** The probability of each choice. */
  | { readonly probabilities: readonly number[] };

/** The kernels of one observation, or of the prior: one for each dimension. */
export type KernelProduct = readonly Kernel[];

const priorMean = 0.5;
const priorSigma = 1;

/** The prior of a dimension. Observations that lack the dimension have it too. */
export function priorKernel(dimension: Dimension): Kernel {
  if (dimension.parameter.type !== "choice") return { mean: priorMean, sigma: priorSigma };
  const count = valueCount(dimension);
  return { probabilities: Array.from({ length: count }, () => 1 / count) };
}

/**
 * The kernel of an observed choice: weight 1 for this choice, plus a uniform prior weight that shrinks with the number of observations (re-weighted counts,
 * Bergstra et al. 2011).
 */
export function choiceKernel(dimension: Dimension, at: number, observations: number): Kernel {
  const count = valueCount(dimension);
  const prior = 1 / (observations + 1);
  const observed = discreteIndex(dimension, at);
  return { probabilities: Array.from({ length: count }, (_, index) => ((index === observed ? 1 : 0) + prior) / (1 + count * prior)) };
}

/**
 * The widths of kernels around observed coordinates, in their order: the distance to the further neighbour, where the prior's mean and the ends of
 * the interval are neighbours too (Bergstra et al. 2011), but at least 1/min(100, n + 1) for n observations.
 */
export function neighbourWidths(coordinates: readonly number[]): readonly number[] {
  const least = 1 / Math.min(100, coordinates.length + 1);
  const all = [...coordinates, priorMean];
  const order = all.map((_, index) => index).toSorted((a, b) => (all[a] ?? 0) - (all[b] ?? 0) || a - b);
  const widths = new Map(order.map((index, rank) => {
    const at = all[index] ?? 0;
    const [before, after] = [order[rank - 1], order[rank + 1]];
    return [index, Math.max(at - (before === undefined ? 0 : (all[before] ?? 0)), (after === undefined ? 1 : (all[after] ?? 1)) - at)];
  }));
  return coordinates.map((_, index) => Math.max(least, widths.get(index) ?? 1));
}

/** A mixture of products of kernels: `p(x) = Σᵢ wᵢ Π_d kᵢ,d(x_d)`, over the dimensions that exist at x. */
export class ParzenEstimator {
  readonly #dimensions: readonly Dimension[];
  readonly #products: readonly KernelProduct[];
  readonly #weights: readonly number[];

  /** The weights belong to the products, and are normalised to the sum 1. */
  constructor(dimensions: readonly Dimension[], products: readonly KernelProduct[], weights: readonly number[]) {
    const total = weights.reduce((a, b) => a + b, 0);
    this.#dimensions = dimensions;
    this.#products = products;
    this.#weights = weights.map((weight) => weight / total);
  }

  /** Draws a point from the mixture. Dimensions that do not exist there are left out. */
  sample(random: RandomStream): Point {
    const product = this.#products[random.weighted(this.#weights)] ?? [];
    const point: (number | undefined)[] = [];
    for (const [index, dimension] of this.#dimensions.entries()) {
      const kernel = product[index];
      point.push(kernel !== undefined && exists(dimension, point, this.#dimensions) ? sampleKernel(dimension, kernel, random) : undefined);
    }
    return point;
  }

  /** Draws the coordinate of one dimension from its own mixture. */
  sampleAlong(index: number, random: RandomStream): number {
    const dimension = this.#dimensions[index];
    const kernel = this.#products[random.weighted(this.#weights)]?.[index];
    return dimension === undefined || kernel === undefined ? random.uniform() : sampleKernel(dimension, kernel, random);
  }

  /** The logarithm of the density at a point; discrete dimensions count with probabilities. */
  logDensity(point: Point): number {
    const logs = this.#products.map((product, at) =>
      point.reduce<number>((sum, coordinate, index) => {
        const [dimension, kernel] = [this.#dimensions[index], product[index]];
        return coordinate === undefined || dimension === undefined || kernel === undefined ? sum : sum + logKernel(dimension, kernel, coordinate);
      }, Math.log(this.#weights[at] ?? 0)));
    return logSumExp(logs);
  }
}

function sampleKernel(dimension: Dimension, kernel: Kernel, random: RandomStream): number {
  if ("probabilities" in kernel) return (random.weighted(kernel.probabilities) + 0.5) / kernel.probabilities.length;
  for (;;) {
    // At least a third of the draws of any kernel fall inside.
    const at = kernel.mean + kernel.sigma * random.normal();
    if (at < 0 || at > 1) continue;
    if (dimension.parameter.type === "float") return at;
    const [from, to] = binOf(dimension, discreteIndex(dimension, at));
    return (from + to) / 2;
  }
}

/** The logarithm of a kernel's density, or of its probability where the dimension is discrete. */
export function logKernel(dimension: Dimension, kernel: Kernel, at: number): number {
  if ("probabilities" in kernel) return Math.log(kernel.probabilities[discreteIndex(dimension, at)] ?? 0);
  const { mean, sigma } = kernel;
  const inside = normalMass(-mean / sigma, (1 - mean) / sigma);
  if (dimension.parameter.type === "float") return logNormalDensity((at - mean) / sigma) - Math.log(sigma * inside);
  const [from, to] = binOf(dimension, discreteIndex(dimension, at));
  // Far from the mean a probability may round to 0.
  return Math.log(Math.max(normalMass((from - mean) / sigma, (to - mean) / sigma), Number.MIN_VALUE) / inside);
}

/** `log Σ eˣ`. */
function logSumExp(values: readonly number[]): number {
  const highest = Math.max(...values);
  return highest === -Infinity ? -Infinity : highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
