import { isTensor, UsageError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, requireShape } from "@nn/tensor/extend";
import { Metric, type MetricStateDict } from "./metric.js";
import type { MetricRule, SampleRule, StatisticValues } from "./rule.js";
import { BoundedSampleState } from "./state/bounded-sample-state.js";
import { SampleState } from "./state/sample-state.js";
import { detached, mapNames, toFloat64, type MetricState } from "./state/state.js";
import { StatisticState } from "./state/statistic-state.js";

/**
 * A metric that keeps what its rule says, and computes the result from it.
 *
 * - {@link MetricRule}: statistics of fixed size, in variables. `update` may be called inside a compiled function, and nothing is read before
 *   `compute`.
 * - {@link SampleRule}: all examples.
 *
 * All metrics of the package extend this class with their rules. Use it directly for a rule of your own.
 *
 * @example
 * ```ts
 * import { sum, tensor, type Tensor } from "@nn/tensor";
 * import { Accumulator, type MetricRule } from "@nn/metrics";
 *
 * const bias: MetricRule<readonly [Tensor, Tensor], number, "error" | "examples"> = {
 *   higherIsBetter: null,
 *   shapes: { error: [], examples: [] },
 *   statistics: (prediction, target) => ({ error: sum(prediction.sub(target)), examples: tensor(target.size) }),
 *   result: ({ error: [error = 0], examples: [examples = 0] }) => error / examples,
 * };
 * const metric = new Accumulator(bias);
 * metric.update(tensor([1, 2]), tensor([0, 2]));
 * metric.update(tensor([5]), tensor([3]));
 * metric.compute(); // => 1
 * ```
 */
export class Accumulator<Inputs extends readonly unknown[], Value = number> extends Metric<Inputs, Value> {
  override readonly higherIsBetter: boolean | null;
  readonly #options: object;
  readonly #state: MetricState<Inputs, Value>;

  /** @param options - those of the metric: only metrics with equal ones can be merged. */
  constructor(rule: MetricRule<Inputs, Value> | SampleRule<Inputs, Value>, options: object = {}) {
    super();
    const owner = this.constructor.name;
    requireRule(owner, rule);
    // A subclass has checked its options; these are compared and shown.
    requireOptions(owner, options, Object.fromEntries(Object.keys(Object(options) as object).map((name) => [name, "any"])));
    this.#options = options;
    this.higherIsBetter = rule.higherIsBetter;
    this.#state = stateOf(owner, rule);
  }

  override get isCompilable(): boolean {
    return this.#state.isCompilable;
  }

  override update(...inputs: Inputs): void {
    this.#state.update(inputs);
  }

  override compute(): Value {
    return this.#state.compute();
  }

  override async computeAsync(): Promise<Value> {
    return this.#state.computeAsync();
  }

  override merge(other: this): void {
    const owner = this.constructor.name;
    if (!(other instanceof Metric) || other.constructor !== this.constructor) throw new UsageError(`${owner}.merge: got ${describeValue(other)}, expected another ${owner}`);
    const [own, others] = [describeOptions(this.#options), describeOptions(other.#options)];
    if (own !== others) throw new UsageError(`${owner}.merge: the other metric has the options ${others}, expected ${own}`);
    this.#state.merge(other.#state);
  }

  override reset(): void {
    this.#state.reset();
  }

  override stateDict(): MetricStateDict {
    return this.#state.stateDict();
  }

  override loadStateDict(stateDict: MetricStateDict): void {
    this.#state.loadStateDict(stateDict);
  }

  /** The class, its options, and the result if it can be computed at once. */
  override toString(): string {
    const options = describeOptions(this.#options);
    return `${this.constructor.name}${options === "{}" ? "" : ` ${options}`}${this.#state.isAtHand ? `: ${showResult(this.compute())}` : ""}`;
  }
}

/** The result of a rule for one batch that holds all examples. */
export function resultOf<Inputs extends readonly unknown[], Value, Name extends string>(
  rule: MetricRule<Inputs, Value, Name> | SampleRule<Inputs, Value, Name>, ...inputs: Inputs
): Value {
  const given = detached(inputs);
  const kept = "samples" in rule ? rule.samples(...given) : rule.statistics(...given);
  return rule.result(mapNames(toFloat64(kept), (value) => value.toTypedArray()) as StatisticValues<Name>);
}

function stateOf<Inputs extends readonly unknown[], Value>(owner: string, rule: MetricRule<Inputs, Value> | SampleRule<Inputs, Value>): MetricState<Inputs, Value> {
  if (!("samples" in rule)) return new StatisticState(owner, rule);
  return rule.capacity === undefined ? new SampleState(owner, rule) : new BoundedSampleState(owner, rule, rule.capacity);
}

const common = { higherIsBetter: [true, false, null], shapes: "any", result: "function" } as const;
const ofStatistics = { ...common, isCompilable: "boolean", statistics: "function", join: "function" } as const;
const ofSamples = { ...common, capacity: "count", samples: "function" } as const;

function requireRule(owner: string, rule: unknown): void {
  const given = Object(rule) as object;
  const kinds = "samples" in given ? ofSamples : ofStatistics;
  const { shapes, result } = given as Partial<Record<string, unknown>>;
  if (typeof shapes !== "object" || shapes === null || typeof result !== "function" || !("samples" in given || "statistics" in given)) {
    throw new UsageError(`${owner}: the rule is ${describeValue(rule)}, expected { higherIsBetter, shapes, statistics, result } or one with samples in place of statistics`);
  }
  for (const [name, shape] of Object.entries(shapes)) requireShape(`${owner}: ${name} of shapes`, shape);
  requireOptions(owner, given, kinds);
  requireKind(owner, "higherIsBetter", (given as Partial<Record<string, unknown>>)["higherIsBetter"], common.higherIsBetter);
}

/** Options as a text, in the order of their names. */
function describeOptions(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return given.length === 0 ? "{}" : `{ ${given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")} }`;
}

function showResult(value: unknown): string {
  return typeof value === "number" ? String(value) : isTensor(value) ? value.toString() : JSON.stringify(value);
}
