import type { SafetensorsDType } from "../safetensors/element-types.js";

/** The element type of each class of PyTorch's storages. */
export const storageTypes: Readonly<Record<string, SafetensorsDType>> = {
  FloatStorage: "F32", DoubleStorage: "F64", HalfStorage: "F16", BFloat16Storage: "BF16",
  LongStorage: "I64", IntStorage: "I32", ShortStorage: "I16", CharStorage: "I8", ByteStorage: "U8", BoolStorage: "BOOL",
};

/** The element type of each dtype that a pickle may name. */
export const dtypeNames: Readonly<Record<string, SafetensorsDType>> = {
  float32: "F32", float64: "F64", float16: "F16", bfloat16: "BF16", int64: "I64", int32: "I32", int16: "I16", int8: "I8",
  uint8: "U8", uint16: "U16", uint32: "U32", uint64: "U64", bool: "BOOL", float8_e4m3fn: "F8_E4M3", float8_e5m2: "F8_E5M2",
};
