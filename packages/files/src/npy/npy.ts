import { DTypeError, permute, Tensor, type DType, type TypedArray } from "@nn/tensor";
import { allocate, formatShape, isFloat, quote, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { fillFromLittleEndian, toLittleEndian } from "../byte-order.js";
import { float16ToNumber, numberToFloat16 } from "../float16.js";
import type { NpyFail, NpyHeader } from "./npy-header.js";

interface ElementType {
  readonly dtype: DType;
  readonly bytes: number;
  /** Whether the bytes are those of the dtype. */
  readonly isSame?: true;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number | bigint;
}

/** The element types by kind and size in NumPy's description. Integers become int32; an integer that does not fit is an error. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  b1: { dtype: "bool", bytes: 1, read: (view, offset) => view.getUint8(offset) },
  i1: { dtype: "int32", bytes: 1, read: (view, offset) => view.getInt8(offset) },
  u1: { dtype: "int32", bytes: 1, read: (view, offset) => view.getUint8(offset) },
  i2: { dtype: "int32", bytes: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  u2: { dtype: "int32", bytes: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  i4: { dtype: "int32", bytes: 4, isSame: true, read: (view, offset, little) => view.getInt32(offset, little) },
  u4: { dtype: "int32", bytes: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  i8: { dtype: "int32", bytes: 8, read: (view, offset, little) => view.getBigInt64(offset, little) },
  u8: { dtype: "int32", bytes: 8, read: (view, offset, little) => view.getBigUint64(offset, little) },
  f2: { dtype: "float32", bytes: 2, read: (view, offset, little) => float16ToNumber(view.getUint16(offset, little)) },
  f4: { dtype: "float32", bytes: 4, isSame: true, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { dtype: "float64", bytes: 8, isSame: true, read: (view, offset, little) => view.getFloat64(offset, little) },
};

/**
 * The tensor of a `.npy` file, from its header and all its bytes. float32, float64 and bool keep their type, float16 becomes float32, integers of every size int32; Fortran order
 * becomes row-major.
 * @param fail - makes the error that is thrown if the type is none of these, the bytes are too few or too many, or an integer does not fit.
 */
export function decodeNpy({ descr, shape, fortranOrder, dataStart }: NpyHeader, bytes: Uint8Array, fail: NpyFail): Tensor {
  const element = elementOf(descr, fail);
  const size = sizeOf(shape, fail);
  const expected = dataStart + size * element.bytes;
  if (bytes.length !== expected) throw fail(`the file has ${bytes.length} bytes; expected ${expected} for ${descr} ${formatShape(shape)}`, Math.min(bytes.length, expected));
  const data = readElements(bytes, dataStart, size, element, !descr.startsWith(">"), fail);
  if (!fortranOrder) return new Tensor(shape, element.dtype, data);
  // Column-major elements of an array are the row-major elements of the array with its axes reversed.
  return permute(new Tensor(shape.toReversed(), element.dtype, data), shape.map((_, axis) => shape.length - 1 - axis));
}

function elementOf(descr: string, fail: NpyFail): ElementType {
  const element = /^[<>|=]\w+$/.test(descr) && Object.hasOwn(elementTypes, descr.slice(1)) ? elementTypes[descr.slice(1)] : undefined;
  if (element !== undefined) return element;
  throw fail(`the elements have NumPy's type ${quote(descr)}${meaningOf(descr)}; expected bool, integers, float16, float32 or float64 (convert with astype)`);
}

function sizeOf(shape: readonly number[], fail: NpyFail): number {
  const size = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
  if (Number.isSafeInteger(size)) return size;
  throw fail(`the shape ${formatShape(shape.slice(0, 8))}${shape.length > 8 ? ", …" : ""} has more elements than there can be`);
}

function readElements(bytes: Uint8Array, start: number, length: number, element: ElementType, littleEndian: boolean, fail: NpyFail): TypedArray {
  const data = allocate(element.dtype, length);
  if (element.isSame === true && littleEndian) {
    fillFromLittleEndian(data, bytes.subarray(start));
    return data;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < length; at++) {
    const offset = start + at * element.bytes;
    const value = element.read(view, offset, littleEndian);
    const number = Number(value);
    if (element.dtype === "int32" && number !== (number | 0)) {
      throw fail(`element ${at} is ${value}, which int32 cannot hold; expected -2147483648 to 2147483647`, offset);
    }
    if (element.dtype === "bool" && number > 1) throw fail(`element ${at} is ${number}; expected a bool, 0 or 1`, offset);
    data[at] = number;
  }
  return data;
}

/** The names of NumPy's types that tensors do not have. */
function meaningOf(descr: string): string {
  if (descr.startsWith("[")) return " (records with fields)";
  const meanings: Readonly<Record<string, string>> = { c: "complex numbers", O: "Python objects", S: "bytes of text", U: "text", M: "dates", m: "durations", V: "raw bytes", f: "extended precision" };
  const meaning = meanings[descr.charAt(1)];
  return meaning === undefined ? "" : ` (${meaning})`;
}

const descriptions: { readonly [D in DType]: string } = { bool: "|b1", int32: "<i4", float32: "<f4", float64: "<f8" };

/** Options of {@link encodeNpy}. */
export interface NpyOptions {
  /** Writes floats in half precision, rounded to the nearest. Default: the tensor's own dtype. */
  readonly dtype?: "float16";
}

const npyOptions: OptionKinds<NpyOptions> = { dtype: ["float16"] };

/**
 * The bytes of a `.npy` file (version 1.0, row-major, little-endian).
 * @throws DTypeError in the name of `operation` if float16 is requested for a tensor that is not floating-point.
 */
export function encodeNpy(operation: string, x: Tensor, options: NpyOptions = {}): Uint8Array {
  requireTensor(operation, x);
  requireOptions(operation, options, npyOptions);
  const half = options.dtype === "float16";
  if (half && !isFloat(x.dtype)) throw new DTypeError(`${operation}: only floats are written as float16, got ${x.dtype}`);
  const sizes = x.shape.length === 1 ? `${x.shape[0]},` : x.shape.join(", ");
  const text = `{'descr': '${half ? "<f2" : descriptions[x.dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Spaces and a line feed pad the header to a multiple of 64 bytes, so that the elements are aligned in a mapped file.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new TextEncoder().encode(`${text.padEnd(length - 1)}\n`);
  const data = toLittleEndian(half ? Uint16Array.from(x.data(operation), numberToFloat16) : x.data(operation));
  const bytes = new Uint8Array(10 + length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8]);
  bytes.set(header, 10);
  bytes.set(data, 10 + length);
  return bytes;
}
