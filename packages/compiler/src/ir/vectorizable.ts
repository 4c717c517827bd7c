import type { DType } from "@nn/tensor";
import { opKinds } from "./op-kinds.js";
import type { ElementwisePrimitive, Value } from "./program.js";

/** The dtype that decides how a primitive computes: that of its last input, since the first input of a select is its condition. */
export function dtypeOfOperands(dtype: DType, inputs: readonly DType[]): DType {
  return inputs.at(-1) ?? dtype;
}

/** Whether a primitive on operands of one dtype has a vector form. Float64 has none, and elementary functions of whole numbers have none. */
export function isVectorizable(primitive: ElementwisePrimitive, dtype: DType): boolean {
  return dtype === "float32" || (dtype !== "float64" && opKinds[primitive] !== "function");
}

/** Whether scalar code computes it: with float64, and if the primitive has no vector form. */
export function isScalar(dtype: DType, inputs: readonly DType[], primitive: ElementwisePrimitive | undefined): boolean {
  return dtype === "float64" || inputs.includes("float64") || (primitive !== undefined && !isVectorizable(primitive, dtypeOfOperands(dtype, inputs)));
}

/** Whether a value needs scalar code; then its whole kernel is scalar. */
export function isScalarValue(value: Value): boolean {
  switch (value.kind) {
    case "apply": return isScalar(value.dtype, value.inputs.map(({ dtype }) => dtype), value.primitive);
    case "reduce": return isScalar(value.dtype, [value.input.dtype], undefined);
    default: return isScalar(value.dtype, [], undefined);
  }
}
