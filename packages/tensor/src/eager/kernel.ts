import type { DType, TypedArray } from "../dtype.js";
import type { TensorType } from "../primitives/definition.js";
import type { AttributesOf, InputsOf, Primitive } from "../primitives/table.js";
import type { Shape } from "../shape.js";

/** An input of a reference kernel: row-major elements. */
export interface NdArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;
}

/**
 * Computes one primitive: as plain a loop as can be read. Gets checked inputs and the type of the output, and returns the
 * output's elements, in an array of its own or, where nothing changes, an input's.
 */
export type Kernel<P extends Primitive> = (inputs: InputsOf<P, NdArray>, attributes: AttributesOf<P>, output: TensorType) => TypedArray;

/** Kernels for some of the primitives: a family. */
export type Kernels<P extends Primitive> = { readonly [Q in P]: Kernel<Q> };
