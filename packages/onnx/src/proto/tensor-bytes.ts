import { toLittleEndian } from "@nn/files";
import type { DType, TypedArray } from "@nn/tensor";
import { dataTypes, type TensorDraft } from "./onnx.js";

/** A tensor of ONNX with its elements inside. Its bytes may be the memory of the elements. */
export function tensorDraft(name: string, shape: readonly number[], dtype: DType, data: TypedArray): TensorDraft {
  return { name, dims: shape.map(BigInt), dataType: dataTypes[dtype], rawData: toLittleEndian(data) };
}

/** A tensor of int64, the type of ONNX for shapes and axes. */
export function int64Draft(name: string, shape: readonly number[], values: readonly number[]): TensorDraft {
  const rawData = new Uint8Array(8 * values.length);
  const view = new DataView(rawData.buffer);
  values.forEach((value, at) => view.setBigInt64(8 * at, BigInt(value), true));
  return { name, dims: shape.map(BigInt), dataType: dataTypes.int64, rawData };
}
