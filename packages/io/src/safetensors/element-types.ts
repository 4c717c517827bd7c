import { fillFromLittleEndian, float16ToNumber } from "@nn/files";
import { Tensor, type DType } from "@nn/tensor";
import { allocate, quote } from "@nn/tensor/extend";
import { SafetensorsError } from "./safetensors-error.js";

/** Element type of a tensor in a safetensors file. */
export type SafetensorsDType =
  | "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "I16" | "U16" | "F16" | "BF16" | "I32" | "U32" | "F32" | "F64" | "I64" | "U64";

/** Bytes of an element. */
export const elementSizes: { readonly [D in SafetensorsDType]: number } = {
  BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, I16: 2, U16: 2, F16: 2, BF16: 2, I32: 4, U32: 4, F32: 4, F64: 8, I64: 8, U64: 8,
};

/** The entry of one tensor in the header of a file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** The byte of the file where its data begin. */
  readonly start: number;
  /** The byte after its data. */
  readonly end: number;
}

type Read = (view: DataView, offset: number) => number | bigint;

interface Decoder {
  readonly dtype: DType;
  /** `"same"`: the bytes are those of the dtype. */
  readonly read: Read | "same";
}

/** How elements are converted to those of a tensor; `undefined` for types without a corresponding dtype. */
const decoders: { readonly [D in SafetensorsDType]: Decoder | undefined } = {
  BOOL: { dtype: "bool", read: (view, offset) => view.getUint8(offset) },
  U8: { dtype: "int32", read: (view, offset) => view.getUint8(offset) },
  I8: { dtype: "int32", read: (view, offset) => view.getInt8(offset) },
  F8_E5M2: undefined,
  F8_E4M3: undefined,
  I16: { dtype: "int32", read: (view, offset) => view.getInt16(offset, true) },
  U16: { dtype: "int32", read: (view, offset) => view.getUint16(offset, true) },
  F16: { dtype: "float32", read: (view, offset) => float16ToNumber(view.getUint16(offset, true)) },
  BF16: { dtype: "float32", read: (view, offset) => brainToNumber(view.getUint16(offset, true)) },
  I32: { dtype: "int32", read: "same" },
  U32: { dtype: "int32", read: (view, offset) => view.getUint32(offset, true) },
  F32: { dtype: "float32", read: "same" },
  F64: { dtype: "float64", read: "same" },
  I64: { dtype: "int32", read: (view, offset) => view.getBigInt64(offset, true) },
  U64: { dtype: "int32", read: (view, offset) => view.getBigUint64(offset, true) },
};

/**
 * A tensor from its bytes: BOOL, I32, F32 and F64 as they are; F16 and BF16 as float32, which holds them exactly; the other integers
 * as int32.
 * @throws SafetensorsError if an integer does not fit, a bool is neither 0 nor 1, or the type has no corresponding dtype.
 */
export function decode({ name, dtype: type, shape, start }: TensorEntry, bytes: Uint8Array, source: string): Tensor {
  const decoder = decoders[type];
  const what = `tensor ${quote(name)}`;
  if (decoder === undefined) {
    throw new SafetensorsError(source, `${what} has the dtype ${type}, which no dtype of a tensor can hold; read its bytes with parseSafetensors`, start);
  }
  const size = elementSizes[type];
  const length = bytes.length / size;
  const data = allocate(decoder.dtype, length);
  if (decoder.read === "same") {
    fillFromLittleEndian(data, bytes);
    return new Tensor(shape, decoder.dtype, data);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < length; at++) {
    const value = decoder.read(view, at * size);
    const number = Number(value);
    if (decoder.dtype === "int32" && number !== (number | 0)) {
      throw new SafetensorsError(
        source, `element ${at} of ${what} is ${value} (${type}), which int32 cannot hold; read the bytes with parseSafetensors`, start + at * size,
      );
    }
    if (decoder.dtype === "bool" && number > 1) throw new SafetensorsError(source, `element ${at} of ${what} is ${number}, expected a bool, 0 or 1`, start + at);
    data[at] = number;
  }
  return new Tensor(shape, decoder.dtype, data);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function brainToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
