import { atomically, isTensor, read, UsageError, Variable, zeros, type Tensor } from "@nn/tensor";
import { castTo, describeValue, formatShape, requireOptions, sameShape } from "@nn/tensor/extend";
import { Metric, type MetricStateDict } from "./metric.js";
import type { MetricRule, Statistics, StatisticValues } from "./rule.js";

const ruleParts = { higherIsBetter: [true, false, null], shapes: "any", statistics: "function", join: "function", result: "function" } as const;

/**
 * A metric whose state is statistics of fixed size, kept in variables: `update` adds those of a batch, and may be called inside a compiled function.
 * Nothing is read before `compute`. Most metrics extend this class with their rule. Use it directly for a rule of your own.
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
 *   result: ({ error, examples }) => error[0] / examples[0],
 * };
 * const metric = new Accumulator(bias);
 * metric.update(tensor([1, 2]), tensor([0, 2]));
 * metric.update(tensor([5]), tensor([3]));
 * metric.compute(); // => 1
 * ```
 */
export class Accumulator<Inputs extends readonly unknown[], Value = number, Name extends string = string> extends Metric<Inputs, Value> {
  readonly #rule: MetricRule<Inputs, Value, Name>;
  readonly #options: object;
  readonly #state: ReadonlyMap<Name, Variable>;

  /** @param options - those of the metric: only metrics with equal ones can be merged. */
  constructor(rule: MetricRule<Inputs, Value, Name>, options: object = {}) {
    super();
    const owner = this.constructor.name;
    requireRule(owner, rule);
    // A subclass has checked its options; these are compared and shown.
    requireOptions(owner, options, Object.fromEntries(Object.keys(Object(options) as object).map((name) => [name, "any"])));
    this.#rule = rule;
    this.#options = options;
    const names = Object.keys(rule.shapes) as Name[];
    this.#state = new Map(names.map((name) => [name, new Variable(zeros(rule.shapes[name], { dtype: "float64" }), { name: `${owner}.${name}` })]));
  }

  override get higherIsBetter(): boolean | null {
    return this.#rule.higherIsBetter;
  }

  override get isCompilable(): boolean {
    return true;
  }

  override update(...inputs: Inputs): void {
    atomically(() => this.#join(statisticsOf(this.#rule, inputs)));
  }

  override compute(): Value {
    return this.#rule.result(this.#mapState((variable) => variable.value.cast("float64").toTypedArray() as Float64Array));
  }

  override async computeAsync(): Promise<Value> {
    // All values are asked for at once.
    const arrays = await Promise.all([...this.#state].map(async ([name, variable]) => [name, await read(variable.value)] as const));
    return this.#rule.result(Object.fromEntries(arrays) as StatisticValues<Name>);
  }

  override merge(other: this): void {
    const owner = this.constructor.name;
    if (!(other instanceof Accumulator) || other.constructor !== this.constructor) throw new UsageError(`${owner}.merge: got ${describeValue(other)}, expected another ${owner}`);
    const [own, others] = [describeOptions(this.#options), describeOptions(other.#options)];
    if (own !== others) throw new UsageError(`${owner}.merge: the other metric has the options ${others}, expected ${own}`);
    atomically(() => this.#join(other.#mapState((variable) => variable.value)));
  }

  override reset(): void {
    atomically(() => {
      for (const variable of this.#state.values()) variable.value = zeros(variable.shape, { dtype: "float64" });
    });
  }

  override stateDict(): MetricStateDict {
    return this.#mapState((variable) => variable.value);
  }

  override loadStateDict(stateDict: MetricStateDict): void {
    requireState(this.constructor.name, this.#state, stateDict);
    for (const [name, variable] of this.#state) variable.value = stateDict[name] as Tensor;
  }

  /** The class, its options, and the result if that is at hand. */
  override toString(): string {
    const options = Object.keys(this.#options).length === 0 ? "" : ` ${describeOptions(this.#options)}`;
    const isAtHand = [...this.#state.values()].every((variable) => ArrayBuffer.isView(variable.value.storage));
    return `${this.constructor.name}${options}${isAtHand ? `: ${showResult(this.compute())}` : ""}`;
  }

  #join(statistics: Statistics<Name>): void {
    const before = this.#mapState((variable) => variable.value);
    const { join = addAll } = this.#rule;
    const after = join(before, statistics);
    for (const [name, variable] of this.#state) variable.value = after[name];
  }

  #mapState<T>(each: (variable: Variable) => T): { readonly [N in Name]: T } {
    return Object.fromEntries([...this.#state].map(([name, variable]) => [name, each(variable)])) as { readonly [N in Name]: T };
  }
}

/** The result of a rule for one batch that holds all examples. */
export function resultOf<Inputs extends readonly unknown[], Value, Name extends string>(rule: MetricRule<Inputs, Value, Name>, ...inputs: Inputs): Value {
  const statistics = Object.entries<Tensor>(statisticsOf(rule, inputs)).map(([name, value]) => [name, value.toTypedArray()]);
  return rule.result(Object.fromEntries(statistics) as StatisticValues<Name>);
}

/** The statistics of a batch as float64. No gradient flows through a metric. */
function statisticsOf<Inputs extends readonly unknown[], Value, Name extends string>(rule: MetricRule<Inputs, Value, Name>, inputs: Inputs): Statistics<Name> {
  const detached = inputs.map((input) => (isTensor(input) ? input.detach() : input)) as unknown[] as [...Inputs];
  const statistics = Object.entries<Tensor>(rule.statistics(...detached)).map(([name, value]) => [name, castTo(value, "float64")]);
  return Object.fromEntries(statistics) as Statistics<Name>;
}

function addAll<Name extends string>(a: Statistics<Name>, b: Statistics<Name>): Statistics<Name> {
  return Object.fromEntries(Object.entries<Tensor>(a).map(([name, value]) => [name, value.add(b[name as Name])])) as Statistics<Name>;
}

function requireRule(owner: string, rule: unknown): void {
  const { shapes, statistics, result } = Object(rule) as Partial<Record<string, unknown>>;
  if (typeof shapes !== "object" || shapes === null || typeof statistics !== "function" || typeof result !== "function") {
    throw new UsageError(`${owner}: the rule is ${describeValue(rule)}, expected { higherIsBetter, shapes, statistics, result }`);
  }
  requireOptions(owner, Object(rule) as object, ruleParts);
}

function requireState(owner: string, state: ReadonlyMap<string, Variable>, saved: MetricStateDict): void {
  if (typeof saved !== "object" || saved === null || Array.isArray(saved)) throw new UsageError(`${owner}.loadStateDict: got ${describeValue(saved)}, expected a result of stateDict()`);
  const unexpected = Object.keys(saved).filter((name) => !state.has(name)).map((name) => `unexpected: ${name}`);
  const others = [...state].flatMap(([name, variable]) => {
    const value: unknown = Object.hasOwn(saved, name) ? saved[name] : undefined;
    const expected = `expected ${variable.dtype} ${formatShape(variable.shape)}`;
    if (!isTensor(value)) return [`${name} is ${value === undefined ? "missing" : describeValue(value)}, ${expected}`];
    return value.dtype === variable.dtype && sameShape(value.shape, variable.shape) ? [] : [`${name} is ${value.dtype} ${formatShape(value.shape)}, ${expected}`];
  });
  const complaints = [...unexpected, ...others];
  if (complaints.length > 0) throw new UsageError(`${owner}.loadStateDict: the state dictionary does not fit\n  ${complaints.join("\n  ")}`);
}

/** Options as a text, in the order of their names. */
function describeOptions(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{ ${given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")} }`.replace("{  }", "{}");
}

function showResult(value: unknown): string {
  return typeof value === "number" ? String(value) : isTensor(value) ? value.toString() : JSON.stringify(value);
}
