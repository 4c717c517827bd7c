import { Tensor, type DType, type TypedArray } from "@nn/tensor";
import { allocate } from "@nn/tensor/extend";
import { fillFromLittleEndian, float16ToNumber } from "@nn/files";
import { OnnxError } from "../onnx-error.js";
import { dataTypes, externalLocation, type DataType, type TensorProto } from "../proto/onnx.js";

/** How elements of a type are stored: the bytes of each, how one is read from them, and the field of the message that may hold them instead. */
interface Storage {
  readonly dtype: DType;
  readonly bytes: number;
  /** Whether the bytes are those of the dtype. */
  readonly isSame?: true;
  readonly read: (view: DataView, at: number) => number | bigint;
  readonly field: "floatData" | "doubleData" | "int32Data" | "int64Data" | "uint64Data";
  /** The number that an entry of `int32Data` stands for, if it holds bits. */
  readonly fromBits?: (bits: number) => number;
}

const int32Field = { dtype: "int32", field: "int32Data" } as const;
const bfloat16 = (bits: number): number => new DataView(Uint32Array.of(bits << 16).buffer).getFloat32(0, new Uint8Array(Uint16Array.of(1).buffer)[0] === 1);

/** The element types that can be read, each with the dtype that it becomes. */
const storages: { readonly [D in DataType]?: Storage } = {
  float32: { dtype: "float32", bytes: 4, isSame: true, read: (view, at) => view.getFloat32(at, true), field: "floatData" },
  float64: { dtype: "float64", bytes: 8, isSame: true, read: (view, at) => view.getFloat64(at, true), field: "doubleData" },
  float16: { dtype: "float32", bytes: 2, read: (view, at) => float16ToNumber(view.getUint16(at, true)), field: "int32Data", fromBits: float16ToNumber },
  bfloat16: { dtype: "float32", bytes: 2, read: (view, at) => bfloat16(view.getUint16(at, true)), field: "int32Data", fromBits: bfloat16 },
  int8: { ...int32Field, bytes: 1, read: (view, at) => view.getInt8(at) },
  uint8: { ...int32Field, bytes: 1, read: (view, at) => view.getUint8(at) },
  int16: { ...int32Field, bytes: 2, read: (view, at) => view.getInt16(at, true) },
  uint16: { ...int32Field, bytes: 2, read: (view, at) => view.getUint16(at, true) },
  int32: { ...int32Field, bytes: 4, isSame: true, read: (view, at) => view.getInt32(at, true) },
  int64: { dtype: "int32", bytes: 8, read: (view, at) => view.getBigInt64(at, true), field: "int64Data" },
  uint32: { dtype: "int32", bytes: 4, read: (view, at) => view.getUint32(at, true), field: "uint64Data" },
  uint64: { dtype: "int32", bytes: 8, read: (view, at) => view.getBigUint64(at, true), field: "uint64Data" },
  bool: { dtype: "bool", bytes: 1, read: (view, at) => Number(view.getUint8(at) !== 0), field: "int32Data" },
};

const names = new Map<number, DataType>(Object.entries(dataTypes).map(([name, code]) => [code, name as DataType]));

/** The name of an element type, for messages. */
export const typeName = (code: number | undefined): string => names.get(code ?? 0) ?? `number ${code ?? 0}`;

/** The dtype that elements of a type of ONNX become; `undefined` if they cannot be read. */
export function dtypeOf(code: number | undefined): DType | undefined {
  return storages[names.get(code ?? 0) ?? "string"]?.dtype;
}

/** What exporters write for "to the end", and its negative; they count as the largest and the smallest int32. */
const end = 2n ** 63n - 1n;

/** A whole number as int32. @throws OnnxError if it does not fit. */
export function wholeNumber(what: string, value: number | bigint): number {
  if (value === end) return 2 ** 31 - 1;
  if (value === -end || value === -end - 1n) return -(2 ** 31);
  const number = Number(value);
  if (number >= -(2 ** 31) && number < 2 ** 31) return number;
  throw new OnnxError(`${what}: ${value} does not fit into int32, which holds whole numbers here`);
}

/** The bytes of a tensor beside the file. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** The number of bytes. */
  readonly length: number;
}

/** A message of a tensor, checked: its name, its shape, and how its elements are stored. */
interface Checked {
  readonly what: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly storage: Storage;
}

function checked(operation: string, { name = "", dims, dataType }: TensorProto): Checked {
  const what = `${operation}: the tensor ${JSON.stringify(name)}`;
  const storage = storages[names.get(dataType ?? 0) ?? "string"];
  if (storage === undefined) throw new OnnxError(`${what} has elements of type ${typeName(dataType)}, which cannot be read`);
  const shape = dims.map((length) => {
    if (length < 0n || length > 2n ** 31n) throw new OnnxError(`${what} has an axis of ${length} elements`);
    return Number(length);
  });
  const size = shape.reduce((product, length) => product * length, 1);
  if (size * storage.bytes > 2 ** 32) throw new OnnxError(`${what} has ${size} elements, which take more than 4 GiB`);
  return { what, shape, size, storage };
}

/** Where the elements of a tensor lie, if that is beside the file. @throws OnnxError for a place that is not beside it. */
export function externalDataOf(operation: string, tensor: TensorProto): ExternalData | undefined {
  if (tensor.dataLocation !== externalLocation) return undefined;
  const { what, size, storage } = checked(operation, tensor);
  const entries = new Map(tensor.externalData.map(({ key = "", value = "" }) => [key, value]));
  const location = entries.get("location") ?? "";
  const isBeside = location !== "" && !/^[/\\]|^[a-z]:|\\|\0/i.test(location) && location.split("/").every((part) => part !== ".." && part !== "");
  if (!isBeside) throw new OnnxError(`${what} lies in ${JSON.stringify(location)}; external data is read only from beside the file or from folders there`);
  const [offset, length] = [Number(entries.get("offset") ?? 0), Number(entries.get("length") ?? size * storage.bytes)];
  if (!Number.isSafeInteger(offset) || offset < 0) throw new OnnxError(`${what} has the offset ${entries.get("offset")}, expected a whole number`);
  if (length !== size * storage.bytes) throw new OnnxError(`${what} has ${entries.get("length")} bytes, expected ${size * storage.bytes}`);
  return { location, offset, length };
}

/** The tensor of a message. `external` finds elements that are not in the file. */
export function tensorOf(operation: string, tensor: TensorProto, external: (data: ExternalData) => Uint8Array | undefined): Tensor {
  const { what, shape, size, storage } = checked(operation, tensor);
  const outside = externalDataOf(operation, tensor);
  const bytes = outside === undefined ? tensor.rawData : external(outside);
  if (outside !== undefined && bytes === undefined) throw new OnnxError(`${what} lies in the file ${JSON.stringify(outside.location)}; load the model with loadOnnx, or give the bytes as externalData`);
  if (bytes !== undefined) {
    if (bytes.length !== size * storage.bytes) throw new OnnxError(`${what} has ${bytes.length} bytes, expected ${size * storage.bytes} for the shape [${shape.join(", ")}]`);
    if (storage.isSame === true) return new Tensor(shape, storage.dtype, copied(storage.dtype, size, bytes));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Tensor(shape, storage.dtype, filled(what, storage.dtype, size, (at) => storage.read(view, at * storage.bytes)));
  }
  const values: readonly (number | bigint)[] = tensor[storage.field];
  if (values.length !== size) throw new OnnxError(`${what} has ${values.length} elements, expected ${size} for the shape [${shape.join(", ")}]`);
  const { fromBits = (bits: number) => bits } = storage;
  return new Tensor(shape, storage.dtype, filled(what, storage.dtype, size, (at) => (storage.field === "int32Data" ? fromBits(Number(values[at])) : (values[at] ?? 0))));
}

function copied(dtype: DType, size: number, bytes: Uint8Array): TypedArray {
  const data = allocate(dtype, size);
  fillFromLittleEndian(data, bytes);
  return data;
}

function filled(what: string, dtype: DType, size: number, read: (at: number) => number | bigint): TypedArray {
  const data = allocate(dtype, size);
  for (let at = 0; at < size; at++) {
    const value = read(at);
    data[at] = dtype === "int32" ? wholeNumber(what, value) : Number(value);
  }
  return data;
}
