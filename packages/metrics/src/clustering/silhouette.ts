import { ShapeError, type Tensor } from "@nn/tensor";
import { castTo, formatShape, requireDType, requireKind, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { capacityOptions, type CapacityOptions } from "../inputs.js";
import type { SampleRule, StatisticValues } from "../rule.js";

type Inputs = readonly [x: Tensor, labels: Tensor];

/** Options of {@link Silhouette}. */
export interface SilhouetteOptions extends CapacityOptions {
  /** The number of features D of the points `[N, D]`. */
  readonly features: number;
}

const silhouetteOptions: OptionKinds<SilhouetteOptions> = { ...capacityOptions, features: "count" };

function silhouetteRule<Value>(
  operation: string, features: number, capacity: number | undefined, result: (values: readonly number[]) => Value,
): SampleRule<Inputs, Value, "points" | "labels"> {
  return {
    higherIsBetter: true,
    capacity,
    shapes: { points: [features], labels: [] },
    samples(x, labels) {
      requireTensor(operation, x, "x");
      requireTensor(operation, labels, "labels");
      requireDType(operation, x.dtype, ["float32", "float64"], "x");
      requireDType(operation, labels.dtype, ["int32"], "labels");
      if (x.rank !== 2 || x.shape[1] !== features || labels.rank !== 1 || labels.shape[0] !== x.shape[0]) {
        throw new ShapeError(`${operation}: x is ${formatShape(x.shape)} and labels ${formatShape(labels.shape)}, expected points [N, ${features}] and a cluster for each, [N]`);
      }
      return { points: castTo(x, "float64"), labels: castTo(labels, "float64") };
    },
    result: (values) => result(silhouettes(values, features)),
  };
}

/** `(b − a) / max(a, b)` for each point: a is its mean distance to the others of its cluster, b that to the points of the nearest other cluster. */
function silhouettes({ points, labels }: StatisticValues<"points" | "labels">, features: number): readonly number[] {
  const clusters = [...new Set(labels)];
  const assignments = Array.from(labels, (label) => clusters.indexOf(label));
  const sizes = clusters.map((_, cluster) => assignments.filter((assigned) => assigned === cluster).length);
  if (clusters.length < 2) return assignments.map(() => NaN);
  return assignments.map((own, i) => {
    const sums = distanceSums(points, assignments, clusters.length, i, features);
    if (sums.some(Number.isNaN)) return NaN;
    if (sizes[own] === 1) return 0;
    const inside = (sums[own] as number) / ((sizes[own] as number) - 1);
    const outside = Math.min(...sums.flatMap((sum, cluster) => (cluster === own ? [] : [sum / (sizes[cluster] as number)])));
    const larger = Math.max(inside, outside);
    return larger === 0 ? 0 : (outside - inside) / larger;
  });
}

/** The sums of the distances of point `i` to the points of each cluster. */
function distanceSums(points: Float64Array, assignments: readonly number[], clusters: number, i: number, features: number): readonly number[] {
  const sums = new Array<number>(clusters).fill(0);
  for (const [j, assigned] of assignments.entries()) {
    let squares = 0;
    for (let at = 0; at < features; at++) squares += ((points[i * features + at] as number) - (points[j * features + at] as number)) ** 2;
    sums[assigned] = (sums[assigned] as number) + Math.sqrt(squares);
  }
  return sums;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The mean silhouette of clusters (Rousseeuw 1987): the mean over the points of `(b − a) / max(a, b)`, where a is the mean distance of a point to the
 * others of its cluster and b that to the points of the nearest other cluster. It is between −1 and 1, and near 1 if points are much nearer to their
 * own cluster than to any other. Distances are Euclidean.
 *
 * Inputs of `update`: points `[N, D]`, clusters int32 `[N]`. It compares all pairs of points, so the time grows with the square of their number. It
 * keeps all points: without a `capacity` the memory grows and `update` cannot be compiled. A point that is alone in its cluster has 0. NaN for fewer
 * than two clusters. scikit-learn: `silhouette_score`, which refuses fewer than two clusters, and a number of clusters equal to that of points.
 */
export class Silhouette extends Accumulator<Inputs> {
  constructor(options: SilhouetteOptions) {
    requireKind("Silhouette", "features", (Object(options) as Partial<SilhouetteOptions>).features, "count");
    requireOptions("Silhouette", options, silhouetteOptions);
    super(silhouetteRule("Silhouette", options.features, options.capacity, meanOf), options);
  }
}

/**
 * The mean silhouette of clusters; see {@link Silhouette}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { silhouetteScore } from "@nn/metrics";
 * silhouetteScore(tensor([[0], [1], [10], [11]]), tensor([0, 0, 1, 1], { dtype: "int32" })).toFixed(4); // => "0.8997"
 * ```
 */
export function silhouetteScore(x: Tensor, labels: Tensor): number {
  requireTensor("silhouetteScore", x, "x");
  return resultOf(silhouetteRule("silhouetteScore", x.shape[1] ?? 1, undefined, meanOf), x, labels);
}

/** The silhouette of each point; see {@link Silhouette}. scikit-learn: `silhouette_samples`. */
export function silhouetteSamples(x: Tensor, labels: Tensor): readonly number[] {
  requireTensor("silhouetteSamples", x, "x");
  return resultOf(silhouetteRule("silhouetteSamples", x.shape[1] ?? 1, undefined, (values) => values), x, labels);
}
