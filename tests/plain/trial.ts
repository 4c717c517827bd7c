import type { Module } from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import type { Plain } from "./array.js";
import type { Random } from "./random.js";

/** Ours, ready to be called. */
export interface Subject {
  readonly call: (...inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** Its parameters get random values, which the plain implementation receives by name. */
  readonly module?: Module;
}

/** One configuration: the inputs of our implementation, and the result of a plain implementation for the same numbers. */
export interface Trial {
  /** A description of the configuration, to help find a difference. */
  readonly what: string;
  readonly inputs: readonly Plain[];
  readonly ours: (dtype: FloatDType) => Subject;
  readonly plain: (inputs: readonly Plain[], parameters: Readonly<Record<string, Plain>>) => Plain | readonly Plain[];
  /** Whether the gradient is that of the plain implementation by central differences; default true. */
  readonly differentiable?: boolean;
  /** Whether it can be compiled; functions whose shapes depend on values cannot. Default true. */
  readonly compiled?: boolean;
  /** Factor of the tolerance in float32, where rounding is magnified; default 1. */
  readonly loose?: number;
}

/** Makes a configuration. */
export type Entry = (random: Random) => Trial;

/** Configurations of public names. */
export type Entries = Readonly<Record<string, Entry>>;

/** A trial of a function of tensors. */
export function call(
  what: string, inputs: readonly Plain[], ours: Subject["call"], plain: (...inputs: Plain[]) => Plain | readonly Plain[], options: Partial<Trial> = {},
): Trial {
  return { what, inputs, ours: () => ({ call: ours }), plain: (given) => plain(...given), ...options };
}
