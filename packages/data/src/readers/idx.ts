import { tensor, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { readBytes, readerOptions, reading, requireBytes, type ByteSource, type ReaderOptions } from "./input.js";
import { requireUint8Array, sizeOfShape } from "./shapes.js";

/** The typed array for each element type of the IDX format. */
export interface IdxArrays {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** The content of an IDX file: elements in row-major order, in the file's own type. */
export interface IdxArray {
  readonly type: keyof IdxArrays;
  readonly shape: readonly number[];
  readonly values: IdxArrays[keyof IdxArrays];
}

interface ElementType {
  readonly type: keyof IdxArrays;
  readonly bytes: number;
  readonly allocate: (length: number) => IdxArrays[keyof IdxArrays];
  readonly read: (view: DataView, offset: number) => number;
}

/** The element types by the third byte of the file. Numbers are big-endian. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  0x08: { type: "uint8", bytes: 1, allocate: (length) => new Uint8Array(length), read: (view, offset) => view.getUint8(offset) },
  0x09: { type: "int8", bytes: 1, allocate: (length) => new Int8Array(length), read: (view, offset) => view.getInt8(offset) },
  0x0b: { type: "int16", bytes: 2, allocate: (length) => new Int16Array(length), read: (view, offset) => view.getInt16(offset) },
  0x0c: { type: "int32", bytes: 4, allocate: (length) => new Int32Array(length), read: (view, offset) => view.getInt32(offset) },
  0x0d: { type: "float32", bytes: 4, allocate: (length) => new Float32Array(length), read: (view, offset) => view.getFloat32(offset) },
  0x0e: { type: "float64", bytes: 8, allocate: (length) => new Float64Array(length), read: (view, offset) => view.getFloat64(offset) },
};

/**
 * Reads an IDX file, the format of MNIST (http://yann.lecun.com/exdb/mnist/), plain or compressed with gzip, into a tensor.
 * Floats keep their type; all integers become int32.
 *
 * @example
 * ```ts
 * import { readIdx } from "@nn/data";
 * const labels = await readIdx(new Uint8Array([0, 0, 0x08, 1, 0, 0, 0, 3, 7, 2, 1]));
 * labels.toArray(); // => [7, 2, 1]
 * ```
 * @throws FormatError if the input is not a complete IDX file.
 */
export async function readIdx(input: ByteSource, options: ReaderOptions = {}): Promise<Tensor> {
  return readIdxAs("readIdx", input, options);
}

/** {@link readIdx} with the name of another function in its errors. */
export async function readIdxAs(operation: string, input: ByteSource, options: ReaderOptions): Promise<Tensor> {
  requireOptions(operation, options, readerOptions);
  requireBytes(operation, input);
  const how = reading(operation, input, options);
  const { values, shape } = parseIdx(await readBytes(input, how), how.source);
  return tensor(values, { shape });
}

/**
 * Decodes the bytes of an IDX file, in the file's own element type.
 * @throws FormatError if they are not a complete IDX file.
 */
export function parseIdx(bytes: Uint8Array, source = "parseIdx input"): IdxArray {
  requireUint8Array("parseIdx", bytes);
  requireKind("parseIdx", "source", source, "string");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new FormatError(source, `${bytes.length} bytes are too few for an IDX file; expected at least 4`);
  if (view.getUint16(0) !== 0) {
    throw new FormatError(source, `an IDX file begins with two zero bytes, found ${hex(bytes.subarray(0, 2))}`, { offset: 0 });
  }
  const code = view.getUint8(2);
  const element = elementTypes[code];
  if (element === undefined) {
    throw new FormatError(source, `0x${hex([code])} is not an element type of the IDX format; expected 08, 09, 0b, 0c, 0d or 0e`, { offset: 2 });
  }
  const rank = view.getUint8(3);
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw new FormatError(source, `the file ends within the sizes of its ${rank} axes; expected at least ${start} bytes`, { offset: bytes.length });
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = sizeOfShape(shape, source);
  const expected = start + size * element.bytes;
  if (bytes.length !== expected) {
    throw new FormatError(source, `the file has ${bytes.length} bytes; expected ${expected} for ${element.type} [${shape.join(", ")}]`, {
      offset: Math.min(bytes.length, expected),
    });
  }
  const values = element.allocate(size);
  if (element.bytes === 1) values.set(bytes.subarray(start));
  else for (let at = 0; at < values.length; at++) values[at] = element.read(view, start + at * element.bytes);
  return { type: element.type, shape, values };
}

function hex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
