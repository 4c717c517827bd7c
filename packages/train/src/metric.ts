import { UsageError, type Tensor } from "@nn/tensor";
import { describeValue, quote } from "@nn/tensor/extend";
import { isStateful, type Stateful } from "./stateful.js";

/** The parts of a metric of `@nn/metrics` that training uses. `update` takes a prediction and a target. */
export interface MetricLike<Output = never, Target = never, Value = unknown> extends Stateful {
  /** Adds a batch of examples. */
  update(output: Output, target: Target): void;
  /** The result over all examples since the last `reset`. */
  computeAsync(): Promise<Value>;
  /** Removes all examples. */
  reset(): void;
  /** Whether larger results are better (`true`), smaller ones (`false`), or neither (`null`). */
  readonly higherIsBetter: boolean | null;
  /** Whether `update` may be called inside a compiled function. */
  readonly isCompilable: boolean;
}

/** A function of an output and a target whose result is the mean over the examples, such as a loss. */
export type MeanOf<Output, Target> = (output: Output, target: Target) => Tensor;

/** Metrics by name: objects that accumulate over batches, and functions whose result is a mean. */
export type Metrics<Output, Target> = Readonly<Record<string, MetricLike<Output, Target> | MeanOf<Output, Target>>>;

/** The values of metrics, by their names. */
export type MetricValues<M> = { readonly [Name in keyof M]: M[Name] extends MetricLike<never, never, infer Value> ? Value : number };

/** Metrics, divided into objects that accumulate and functions. */
export interface DividedMetrics<Output, Target> {
  readonly gathering: ReadonlyMap<string, MetricLike<Output, Target>>;
  readonly means: ReadonlyMap<string, MeanOf<Output, Target>>;
}

/** @throws UsageError for a value that is neither a metric nor a function. */
export function divideMetrics<Output, Target>(operation: string, metrics: Metrics<Output, Target>): DividedMetrics<Output, Target> {
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) throw new UsageError(`${operation}: the metrics are ${describeValue(metrics)}, expected an object such as { accuracy: new Accuracy() }`);
  const gathering = new Map<string, MetricLike<Output, Target>>();
  const means = new Map<string, MeanOf<Output, Target>>();
  for (const [name, metric] of Object.entries(metrics)) {
    if (name === "" || name.includes(".")) throw new UsageError(`${operation}: a metric has the name ${quote(name)}, expected one without dots`);
    if (isMetric<Output, Target>(metric)) gathering.set(name, metric);
    else if (typeof metric === "function" && typeof Object(metric.prototype).update === "function") throw new UsageError(`${operation}: the metric ${quote(name)} is the class ${metric.name}, expected new ${metric.name}()`);
    else if (typeof metric === "function") means.set(name, metric);
    else throw new UsageError(`${operation}: the metric ${quote(name)} is ${describeValue(metric)}, expected a metric such as new Accuracy(), or a function of the output and the target`);
  }
  return { gathering, means };
}

function isMetric<Output, Target>(value: unknown): value is MetricLike<Output, Target> {
  const { update, computeAsync, reset } = Object(value) as Partial<Record<string, unknown>>;
  return typeof update === "function" && typeof computeAsync === "function" && typeof reset === "function" && isStateful(value);
}

/** For each metric whether larger values are better. Functions are losses: smaller is better. */
export function directionsOf<Output, Target>({ gathering, means }: DividedMetrics<Output, Target>): Readonly<Record<string, boolean | null>> {
  return Object.fromEntries([
    ...[...means.keys()].map((name) => [name, false] as const),
    ...[...gathering].map(([name, { higherIsBetter }]) => [name, higherIsBetter] as const),
  ]);
}

/** The results of all metrics. */
export async function computeAll(metrics: Iterable<readonly [string, Pick<MetricLike, "computeAsync">]>): Promise<Readonly<Record<string, unknown>>> {
  const results: [string, unknown][] = [];
  for (const [name, metric] of metrics) results.push([name, await metric.computeAsync()]);
  return Object.fromEntries(results);
}
