import type { DType } from "@nn/tensor";
import { isVectorizable } from "../emit/vector.js";
import type { ElementwisePrimitive, Value } from "../program.js";

/** The dtype that decides how a primitive computes: of its last input, since a select's first is its condition. */
export function dtypeOfOperands(dtype: DType, inputs: readonly DType[]): DType {
  return inputs.at(-1) ?? dtype;
}

/** Whether elements are computed one by one: those of float64, and results for which there are no vector instructions. */
export function isOneByOne(dtype: DType, inputs: readonly DType[], primitive: ElementwisePrimitive | undefined): boolean {
  return dtype === "float64" || inputs.includes("float64") || (primitive !== undefined && !isVectorizable(primitive, dtypeOfOperands(dtype, inputs)));
}

/** Whether a kernel with this value computes all of its elements one by one. */
export function isScalarValue(value: Value): boolean {
  switch (value.kind) {
    case "apply": return isOneByOne(value.dtype, value.inputs.map(({ dtype }) => dtype), value.primitive);
    case "reduce": return isOneByOne(value.dtype, [value.input.dtype], undefined);
    default: return isOneByOne(value.dtype, [], undefined);
  }
}
