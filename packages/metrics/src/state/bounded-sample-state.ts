import { add, arange, atomically, greater, indexCopy, narrow, read, UsageError, Variable, zeros, type Tensor } from "@nn/tensor";
import { castTo, refuseWhere } from "@nn/tensor/extend";
import type { MetricStateDict } from "../metric.js";
import type { SampleRule, Statistics, StatisticValues } from "../rule.js";
import { requireSamples } from "./sample-state.js";
import { detached, mapNames, toFloat64, type MetricState } from "./state.js";

/** Examples up to a given number, in variables of that size. */
export class BoundedSampleState<Inputs extends readonly unknown[], Value, Name extends string> implements MetricState<Inputs, Value> {
  readonly isCompilable = true;
  readonly #owner: string;
  readonly #rule: SampleRule<Inputs, Value, Name>;
  readonly #capacity: number;
  readonly #variables: { readonly [N in Name]: Variable };
  readonly #count: Variable;

  constructor(owner: string, rule: SampleRule<Inputs, Value, Name>, capacity: number) {
    this.#owner = owner;
    this.#rule = rule;
    this.#capacity = capacity;
    this.#variables = mapNames(rule.shapes, (shape, name) => new Variable(zeros([capacity, ...shape], { dtype: "float64" }), { name: `${owner}.${name}` }));
    this.#count = new Variable(zeros([], { dtype: "int32" }), { name: `${owner}.count` });
  }

  get isAtHand(): boolean {
    return [this.#count, ...Object.values<Variable>(this.#variables)].every((variable) => ArrayBuffer.isView(variable.value.storage));
  }

  update(inputs: Inputs): void {
    this.#append(toFloat64(this.#rule.samples(...detached(inputs))));
  }

  compute(): Value {
    return this.#rule.result(mapNames(this.#used(this.#count.value.item()), (value) => value.toTypedArray() as Float64Array));
  }

  async computeAsync(): Promise<Value> {
    const [count = 0] = await read(this.#count.value);
    const arrays = await Promise.all(Object.entries<Tensor>(this.#used(count)).map(async ([name, value]) => [name, await read(value)] as const));
    return this.#rule.result(Object.fromEntries(arrays) as StatisticValues<Name>);
  }

  merge(other: BoundedSampleState<Inputs, Value, Name>): void {
    this.#append(other.#used(other.#count.value.item()));
  }

  reset(): void {
    this.#count.value = zeros([], { dtype: "int32" });
  }

  stateDict(): MetricStateDict {
    return this.#used(this.#count.value.item());
  }

  loadStateDict(stateDict: MetricStateDict): void {
    const samples = requireSamples(this.#owner, stateDict, this.#rule.shapes);
    const count = Object.values<Tensor>(samples)[0]?.shape[0] ?? 0;
    if (count > this.#capacity) throw new UsageError(`${this.#owner}.loadStateDict: the state dictionary has ${count} examples, more than the capacity of ${this.#capacity}`);
    atomically(() => {
      this.reset();
      this.#append(samples);
    });
  }

  #append(samples: Statistics<Name>): void {
    const batch = Object.values<Tensor>(samples)[0]?.shape[0] ?? 0;
    atomically(() => {
      const next = add(this.#count.value, batch);
      const problem = `there are more examples than the capacity of ${this.#capacity}; give a larger one`;
      const end = refuseWhere(this.#owner, problem, greater(next, this.#capacity), next);
      const indices = add(arange(batch, { dtype: "int32" }), end.sub(batch));
      for (const [name, variable] of Object.entries<Variable>(this.#variables)) {
        if (batch > 0) variable.value = indexCopy(variable.value, indices, samples[name as Name], 0);
      }
      this.#count.value = castTo(end, "int32");
    });
  }

  #used(count: number): Statistics<Name> {
    return mapNames(this.#variables, (variable) => narrow(variable.value, 0, 0, count));
  }
}
