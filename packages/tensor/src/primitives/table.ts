import type { TypedArray } from "../dtype.js";
import type * as primitives from "./all.js";
import type { InputTuple, NdArray, ScalarFunction, TensorType } from "./definition.js";

/** Name of a primitive. */
export type Primitive = keyof typeof primitives;

/** How many inputs the primitive `P` takes. */
export type ArityOf<P extends Primitive> = (typeof primitives)[P]["arity"];

/** The attributes of the primitive `P`. */
export type AttributesOf<P extends Primitive> = Parameters<(typeof primitives)[P]["type"]>[1];

/** The inputs of the primitive `P`, each a `T`. */
export type InputsOf<P extends Primitive, T> = InputTuple<(typeof primitives)[P]["arity"], T>;

/** The definition of the primitive `P`. */
export interface DefinitionOf<P extends Primitive> {
  readonly name: P;
  /** The type of the output, or an error that names the operation. */
  type(inputs: InputsOf<P, TensorType>, attributes: AttributesOf<P>): TensorType;
  /** The reference kernel. */
  kernel(inputs: InputsOf<P, NdArray>, attributes: AttributesOf<P>, output: TensorType): TypedArray;
  /** For elementary functions: the function that the kernel applies to each floating-point number. */
  readonly scalarFunction?: ScalarFunction | undefined;
}
