import type { DType, TypedArray } from "../dtype.js";
import type { Shape } from "../shape.js";

/** What is known about a tensor without its values. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An input of a reference kernel: row-major elements. */
export interface NdArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;
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
 * A reference kernel: a plain loop. It gets checked inputs and the type of the output. It returns the elements of the output in a new array
 * or, if nothing changes, in that of an input.
 */
export type Kernel<N extends Arity, A> = (inputs: InputTuple<N, NdArray>, attributes: A, output: TensorType) => TypedArray;

/** A function of one number or two. */
export type ScalarFunction = (x: number, y: number) => number;

/**
 * The definition of a primitive: its number of inputs, its attributes, the rule for the type of its one output, and its reference kernel.
 * Each definition is a constant to which operations refer, so bundlers leave out those that are not used.
 */
export interface PrimitiveDefinition<Name extends string, N extends Arity, A> {
  readonly name: Name;
  readonly arity: N;
  /** The type of the output. Throws an error that names the operation if inputs or attributes do not fit. */
  readonly type: (inputs: InputTuple<N, TensorType>, attributes: A) => TensorType;
  /** The reference kernel. */
  readonly kernel: Kernel<N, A>;
  /**
   * For elementary functions: the function of floating-point numbers that the kernel applies to each element. Compiled scalar code calls
   * it too, so results have the same bits.
   */
  readonly scalarFunction?: ScalarFunction | undefined;
}
