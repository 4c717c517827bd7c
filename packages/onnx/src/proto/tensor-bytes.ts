import type { DType, TypedArray } from "@nn/tensor";
import { dataTypes, type TensorDraft } from "./onnx.js";

/** How an element is put into little-endian bytes. */
const writers: { readonly [D in DType]: (view: DataView, at: number, value: number) => void } = {
  float32: (view, at, value) => view.setFloat32(at, value, true),
  float64: (view, at, value) => view.setFloat64(at, value, true),
  int32: (view, at, value) => view.setInt32(at, value, true),
  bool: (view, at, value) => view.setUint8(at, value),
};

/** A tensor of ONNX with its elements inside. */
export function tensorDraft(name: string, shape: readonly number[], dtype: DType, data: TypedArray): TensorDraft {
  const rawData = new Uint8Array(data.byteLength);
  const view = new DataView(rawData.buffer);
  const write = writers[dtype];
  const size = data.BYTES_PER_ELEMENT;
  for (let at = 0; at < data.length; at++) write(view, at * size, data[at] ?? 0);
  return { name, dims: shape.map(BigInt), dataType: dataTypes[dtype], rawData };
}

/** A tensor of int64, the type of ONNX for shapes and axes. */
export function int64Draft(name: string, shape: readonly number[], values: readonly number[]): TensorDraft {
  const rawData = new Uint8Array(8 * values.length);
  const view = new DataView(rawData.buffer);
  values.forEach((value, at) => view.setBigInt64(8 * at, BigInt(value), true));
  return { name, dims: shape.map(BigInt), dataType: dataTypes.int64, rawData };
}
