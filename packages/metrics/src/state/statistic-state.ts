import { atomically, HostState, read, Variable, zeros, type Tensor } from "@nn/tensor";
import { sameShape } from "@nn/tensor/extend";
import type { MetricStateDict } from "../metric.js";
import type { MetricRule, Statistics, StatisticValues } from "../rule.js";
import { detached, mapNames, requireStateDict, toFloat64, type MetricState } from "./state.js";

/** Statistics of fixed size, in variables. */
export class StatisticState<Inputs extends readonly unknown[], Value, Name extends string> implements MetricState<Inputs, Value> {
  readonly #owner: string;
  readonly #rule: MetricRule<Inputs, Value, Name>;
  readonly #variables: { readonly [N in Name]: Variable };
  /** Batches so far, for a rule that works on the host: a compiled function refuses to change it. */
  readonly #batches: HostState<number>;

  constructor(owner: string, rule: MetricRule<Inputs, Value, Name>) {
    this.#owner = owner;
    this.#rule = rule;
    this.#variables = mapNames(rule.shapes, (shape, name) => new Variable(zeros(shape, { dtype: "float64" }), { name: `${owner}.${name}` }));
    this.#batches = new HostState(0, `${owner}.update`);
  }

  get isCompilable(): boolean {
    return this.#rule.isCompilable ?? true;
  }

  get isAtHand(): boolean {
    return Object.values<Variable>(this.#variables).every((variable) => ArrayBuffer.isView(variable.value.storage));
  }

  update(inputs: Inputs): void {
    atomically(() => {
      if (!this.isCompilable) this.#batches.value += 1;
      this.#join(toFloat64(this.#rule.statistics(...detached(inputs))));
    });
  }

  compute(): Value {
    return this.#rule.result(mapNames(this.#values(), (value) => value.toTypedArray() as Float64Array));
  }

  async computeAsync(): Promise<Value> {
    // All values are asked for at once.
    const arrays = await Promise.all(Object.entries<Tensor>(this.#values()).map(async ([name, value]) => [name, await read(value)] as const));
    return this.#rule.result(Object.fromEntries(arrays) as StatisticValues<Name>);
  }

  merge(other: StatisticState<Inputs, Value, Name>): void {
    atomically(() => this.#join(other.#values()));
  }

  reset(): void {
    this.#assign(mapNames(this.#rule.shapes, (shape) => zeros(shape, { dtype: "float64" })));
  }

  stateDict(): MetricStateDict {
    return this.#values();
  }

  loadStateDict(stateDict: MetricStateDict): void {
    this.#assign(requireStateDict(this.#owner, stateDict, this.#rule.shapes, (value, shape) => sameShape(value.shape, shape)));
  }

  #values(): Statistics<Name> {
    return mapNames(this.#variables, (variable) => variable.value);
  }

  #assign(values: Statistics<Name>): void {
    atomically(() => {
      for (const [name, variable] of Object.entries<Variable>(this.#variables)) variable.value = values[name as Name];
    });
  }

  #join(statistics: Statistics<Name>): void {
    const before = this.#values();
    this.#assign(this.#rule.join?.(before, statistics) ?? mapNames(before, (value, name) => value.add(statistics[name])));
  }
}
