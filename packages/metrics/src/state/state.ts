import { isTensor, UsageError, type Shape, type Tensor } from "@nn/tensor";
import { castTo, describeValue, formatShape } from "@nn/tensor/extend";
import type { MetricStateDict } from "../metric.js";
import type { Statistics } from "../rule.js";

/** What an accumulator keeps between batches. */
export interface MetricState<Inputs extends readonly unknown[], Value> {
  readonly isCompilable: boolean;
  /** Whether the result can be computed at once. */
  readonly isAtHand: boolean;
  update(inputs: Inputs): void;
  compute(): Value;
  computeAsync(): Promise<Value>;
  /** Adds the examples of a state of the same kind. */
  merge(other: MetricState<Inputs, Value>): void;
  reset(): void;
  stateDict(): MetricStateDict;
  loadStateDict(stateDict: MetricStateDict): void;
}

/** An object with the same names and other values. */
export function mapNames<Name extends string, From, To>(from: { readonly [N in Name]: From }, each: (value: From, name: Name) => To): { readonly [N in Name]: To } {
  return Object.fromEntries(Object.entries<From>(from).map(([name, value]) => [name, each(value, name as Name)])) as { readonly [N in Name]: To };
}

/** The inputs without their gradients: none flows through a metric. */
export function detached<Inputs extends readonly unknown[]>(inputs: Inputs): [...Inputs] {
  return inputs.map((input) => (isTensor(input) ? input.detach() : input)) as unknown[] as [...Inputs];
}

/** Tensors as float64. */
export function toFloat64<Name extends string>(statistics: Statistics<Name>): Statistics<Name> {
  return mapNames(statistics, (each) => castTo(each, "float64"));
}

/**
 * The tensors of a state dictionary.
 * @param fits - whether a float64 tensor of this shape can be loaded.
 * @throws UsageError that lists what is missing, unexpected, or does not fit.
 */
export function requireStateDict<Name extends string>(
  owner: string, stateDict: unknown, shapes: { readonly [N in Name]: Shape }, fits: (value: Tensor, shape: Shape) => boolean, show: (shape: Shape) => string = formatShape,
): Statistics<Name> {
  if (typeof stateDict !== "object" || stateDict === null || Array.isArray(stateDict)) {
    throw new UsageError(`${owner}.loadStateDict: got ${describeValue(stateDict)}, expected a result of stateDict()`);
  }
  const saved = stateDict as Readonly<Record<string, unknown>>;
  const unexpected = Object.keys(saved).filter((name) => !Object.hasOwn(shapes, name)).map((name) => `unexpected: ${name}`);
  const others = Object.entries<Shape>(shapes).flatMap(([name, shape]) => {
    const value = Object.hasOwn(saved, name) ? saved[name] : undefined;
    const expected = `expected float64 ${show(shape)}`;
    if (!isTensor(value)) return [`${name} is ${value === undefined ? "missing" : describeValue(value)}, ${expected}`];
    return value.dtype === "float64" && fits(value, shape) ? [] : [`${name} is ${value.dtype} ${formatShape(value.shape)}, ${expected}`];
  });
  const complaints = [...unexpected, ...others];
  if (complaints.length > 0) throw new UsageError(`${owner}.loadStateDict: the state dictionary does not fit\n  ${complaints.join("\n  ")}`);
  return saved as Statistics<Name>;
}
