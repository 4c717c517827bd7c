import type { Tensor } from "@nn/tensor";
import type { MetricValues } from "../metric.js";

/** The values of an epoch, of any names: those of the training steps, and those of the evaluation if there is one. */
export interface AnyValues {
  readonly training: object;
  readonly validation?: object;
}

/**
 * The result of a step: its loss, or several scalars by name. `weight` is the number that they are means over, if it is not the number of examples in
 * the batch.
 */
export type StepResult = Tensor | Readonly<Record<string, Tensor>> | { readonly loss: Tensor; readonly weight?: Tensor };

/** The values that are made of the results of steps: means over the examples of an epoch. */
export type StepValues<Result> = Result extends Tensor ? { readonly loss: number } : { readonly [Name in keyof Result as Exclude<Name, "weight">]: number };

/** The values of an epoch that come from the step and its metrics; `M` is `never` without metrics. */
export interface TrainingValues<Result, M> {
  readonly training: StepValues<Awaited<Result>> & ([M] extends [never] ? unknown : MetricValues<M>);
}

/** The values of an epoch: those of the step and its metrics, and those of the evaluation. `Validation` is `undefined` for a run without evaluation. */
export type Values<Result, M, Validation> = TrainingValues<Result, M> &
  ([Validation] extends [undefined] ? unknown : undefined extends Validation ? { readonly validation?: Exclude<Validation, undefined> } : { readonly validation: Validation });

type NumbersIn<T> = { readonly [Name in keyof T & string]: T[Name] extends number ? Name : never }[keyof T & string];

/** The names of the numbers among values, such as `"validation.loss"`. */
export type MonitorName<V> = { readonly [Part in keyof V & string]-?: `${Part}.${NumbersIn<Exclude<V[Part], undefined>>}` }[keyof V & string];

/** Values among which there is a number with this name. */
export type ValuesWith<Name extends string> =
  Name extends `${infer Part}.${infer Value}` ? { readonly [P in Part]: { readonly [N in Value]: number } } : never;

/** The value with a name such as `"validation.loss"`; `undefined` if there is none. */
export function valueOf(values: object, name: string): unknown {
  const [part = "", value = ""] = splitName(name);
  const group: unknown = Object.hasOwn(values, part) ? Reflect.get(values, part) : undefined;
  return typeof group === "object" && group !== null && Object.hasOwn(group, value) ? Reflect.get(group, value) : undefined;
}

/** `"validation.loss"` → `["validation", "loss"]`. */
export function splitName(name: string): readonly string[] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}
