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

/** The reference kernel of the primitive `P`: see {@link PrimitiveDefinition.kernel}. */
export type Kernel<P extends Primitive> = (inputs: InputsOf<P, NdArray>, attributes: AttributesOf<P>, output: TensorType) => TypedArray;
