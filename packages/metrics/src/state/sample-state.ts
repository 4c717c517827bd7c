import { concat, HostState, read, zeros, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, sameShape } from "@nn/tensor/extend";
import type { MetricStateDict } from "../metric.js";
import type { SampleRule, Statistics, StatisticValues } from "../rule.js";
import { detached, mapNames, requireStateDict, toFloat64, type MetricState } from "./state.js";

/** All examples, as the tensors of their batches. */
export class SampleState<Inputs extends readonly unknown[], Value, Name extends string> implements MetricState<Inputs, Value> {
  readonly isCompilable = false;
  readonly #owner: string;
  readonly #rule: SampleRule<Inputs, Value, Name>;
  readonly #batches: HostState<readonly Statistics<Name>[]>;

  constructor(owner: string, rule: SampleRule<Inputs, Value, Name>) {
    this.#owner = owner;
    this.#rule = rule;
    this.#batches = new HostState<readonly Statistics<Name>[]>([], `${owner} without a capacity`);
  }

  get isAtHand(): boolean {
    return this.#batches.value.every((batch) => Object.values<Tensor>(batch).every((value) => ArrayBuffer.isView(value.storage)));
  }

  update(inputs: Inputs): void {
    this.#append([toFloat64(this.#rule.samples(...detached(inputs)))]);
  }

  compute(): Value {
    return this.#rule.result(mapNames(this.#all(), (value) => value.toTypedArray() as Float64Array));
  }

  async computeAsync(): Promise<Value> {
    const arrays = await Promise.all(Object.entries<Tensor>(this.#all()).map(async ([name, value]) => [name, await read(value)] as const));
    return this.#rule.result(Object.fromEntries(arrays) as StatisticValues<Name>);
  }

  merge(other: SampleState<Inputs, Value, Name>): void {
    this.#append(other.#batches.value);
  }

  reset(): void {
    this.#batches.value = [];
  }

  stateDict(): MetricStateDict {
    return this.#all();
  }

  loadStateDict(stateDict: MetricStateDict): void {
    this.#batches.value = [requireSamples(this.#owner, stateDict, this.#rule.shapes)];
  }

  #append(batches: readonly Statistics<Name>[]): void {
    this.#batches.value = [...this.#batches.value, ...batches];
  }

  /** All batches as one. */
  #all(): Statistics<Name> {
    const batches = this.#batches.value;
    return mapNames(this.#rule.shapes, (shape, name) => concat([zeros([0, ...shape], { dtype: "float64" }), ...batches.map((batch) => batch[name])], 0));
  }
}

/** The tensors of a state dictionary of examples, of which there may be any number, in all tensors the same. */
export function requireSamples<Name extends string>(owner: string, stateDict: unknown, shapes: { readonly [N in Name]: Shape }): Statistics<Name> {
  let examples: number | undefined;
  const fits = (value: Tensor, shape: Shape): boolean => {
    examples ??= value.shape[0];
    return value.rank === shape.length + 1 && value.shape[0] === examples && sameShape(value.shape.slice(1), shape);
  };
  return requireStateDict(owner, stateDict, shapes, fits, (shape) => `${formatShape(shape).replace("[", `[${examples ?? "examples"}${shape.length === 0 ? "" : ", "}`)}`);
}
