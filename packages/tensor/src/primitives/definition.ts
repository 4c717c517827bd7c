import type { DType } from "../dtype.js";
import type { Shape } from "../shape.js";

/** What is known of a tensor without its values. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** No attributes. */
export type None = Readonly<Record<never, never>>;

/** How many tensors a primitive takes; `"any"` is a list of at least one. */
export type Arity = 0 | 1 | 2 | 3 | "any";

/** The inputs of a primitive of arity `N`, each a `T`. */
export type InputTuple<N extends Arity, T> = {
  0: readonly [];
  1: readonly [T];
  2: readonly [T, T];
  3: readonly [T, T, T];
  any: readonly T[];
}[N];

/**
 * What a primitive is: how many inputs, which attributes, and the rule that gives the type of its one output
 * or throws an error that names the operation.
 */
export interface PrimitiveDefinition<N extends Arity, A> {
  readonly arity: N;
  readonly type: (inputs: InputTuple<N, TensorType>, attributes: A) => TensorType;
}

/** Writes down a primitive with the types of its inputs and attributes. */
export function define<N extends Arity, A = None>(
  arity: N,
  type: (inputs: InputTuple<N, TensorType>, attributes: A) => TensorType,
): PrimitiveDefinition<N, A> {
  return { arity, type };
}
