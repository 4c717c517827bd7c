import { bytes, double, float, int32, int64, list, message, one, string, uint64, type DraftOf, type MessageOf, type MessageType } from "./message.js";

// The messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) with their field numbers, as far as they are read or written.
// Sub-graphs (`g`, `graphs`) stay bytes: nothing here looks into them, however deep they are nested.

/** The fields of a message type, as a message that has been read. */
type Read<T> = T extends MessageType<infer F> ? MessageOf<F> : never;

/** The fields of a message type, as a message to write. */
type Written<T> = T extends MessageType<infer F> ? DraftOf<F> : never;

const entry = message({ key: one(1, string), value: one(2, string) });

export const tensorProto = message({
  dims: list(1, int64),
  dataType: one(2, int32),
  floatData: list(4, float),
  int32Data: list(5, int32),
  stringData: list(6, bytes),
  int64Data: list(7, int64),
  name: one(8, string),
  rawData: one(9, bytes),
  doubleData: list(10, double),
  uint64Data: list(11, uint64),
  externalData: list(13, entry),
  dataLocation: one(14, int32),
});

const attributeProto = message({
  name: one(1, string),
  f: one(2, float),
  i: one(3, int64),
  s: one(4, bytes),
  t: one(5, tensorProto),
  g: one(6, bytes),
  floats: list(7, float),
  ints: list(8, int64),
  strings: list(9, bytes),
  tensors: list(10, tensorProto),
  graphs: list(11, bytes),
  type: one(20, int32),
});

const nodeProto = message({
  input: list(1, string),
  output: list(2, string),
  name: one(3, string),
  opType: one(4, string),
  attribute: list(5, attributeProto),
  domain: one(7, string),
});

const dimension = message({ dimValue: one(1, int64), dimParam: one(2, string) });
const tensorShape = message({ dim: list(1, dimension) });
const tensorType = message({ elemType: one(1, int32), shape: one(2, tensorShape) });
const valueType = message({ tensorType: one(1, tensorType) });
const valueInfo = message({ name: one(1, string), type: one(2, valueType) });

const graphProto = message({
  node: list(1, nodeProto),
  name: one(2, string),
  initializer: list(5, tensorProto),
  input: list(11, valueInfo),
  output: list(12, valueInfo),
  sparseInitializer: list(15, bytes),
});

const operatorSet = message({ domain: one(1, string), version: one(2, int64) });

export const modelProto = message({
  irVersion: one(1, int64),
  producerName: one(2, string),
  producerVersion: one(3, string),
  graph: one(7, graphProto),
  opsetImport: list(8, operatorSet),
  metadataProps: list(14, entry),
  functions: list(25, bytes),
});

/** What is read. */
export type ModelProto = Read<typeof modelProto>;
export type GraphProto = Read<typeof graphProto>;
export type NodeProto = Read<typeof nodeProto>;
export type AttributeProto = Read<typeof attributeProto>;
export type TensorProto = Read<typeof tensorProto>;
export type ValueInfoProto = Read<typeof valueInfo>;

/** What is written. */
export type NodeDraft = Written<typeof nodeProto>;
export type AttributeDraft = Written<typeof attributeProto>;
export type TensorDraft = Written<typeof tensorProto>;
export type ValueInfoDraft = Written<typeof valueInfo>;

/** `AttributeProto.AttributeType`. */
export const attributeTypes = { f: 1, i: 2, s: 3, t: 4, g: 5, floats: 6, ints: 7, strings: 8, tensors: 9, graphs: 10 } as const;

/** `TensorProto.DataType`. */
export const dataTypes = {
  float32: 1, uint8: 2, int8: 3, uint16: 4, int16: 5, int32: 6, int64: 7, string: 8, bool: 9, float16: 10, float64: 11, uint32: 12, uint64: 13, complex64: 14,
  complex128: 15, bfloat16: 16,
} as const;

/** The name of an element type of ONNX. */
export type DataType = keyof typeof dataTypes;

/** `TensorProto.DataLocation`: in a file beside the model. */
export const externalLocation = 1;
