import type { DType, TypedArray } from "../dtype.js";
import type { Shape } from "../shape.js";

/** What is known of a tensor without its values. */
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
 * A reference kernel: as plain a loop as can be read. It gets checked inputs and the type of the output, and returns the elements of the
 * output, in an array of its own or, where nothing changes, an input's.
 */
export type Kernel<N extends Arity, A> = (inputs: InputTuple<N, NdArray>, attributes: A, output: TensorType) => TypedArray;

/** A function of one number or two. */
export type ScalarFunction = (x: number, y: number) => number;

/**
 * What a primitive is: how many inputs, which attributes, the rule that gives the type of its one output or throws an error that names
 * the operation, and the reference kernel. Each is a constant of its own that operations refer to, so that bundlers leave out what is
 * not used.
 */
export interface PrimitiveDefinition<Name extends string, N extends Arity, A> {
  readonly name: Name;
  readonly arity: N;
  /** The type of the output, or an error that names the operation. */
  readonly type: (inputs: InputTuple<N, TensorType>, attributes: A) => TensorType;
  /** The reference kernel. */
  readonly kernel: Kernel<N, A>;
  /**
   * Of elementary functions: the function of one floating-point number that the kernel applies to each element. Compiled scalar code calls
   * it, and so gets the same bits.
   */
  readonly scalarFunction?: ScalarFunction | undefined;
}
