import { isTensor, Tensor, UsageError, type DType, type TypedArray } from "@nn/tensor";
import { describeValue, isPlainObject } from "@nn/tensor/extend";

/** A value that can be sent to another thread. */
export interface Packed {
  /** The value, with a mark in place of each tensor. */
  readonly value: unknown;
  readonly tensors: readonly PackedTensor[];
}

interface PackedTensor {
  /** An object that occurs in the value. A message keeps the identity of its objects. */
  readonly mark: object;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** Values nested more deeply than this are refused, since they may contain themselves. */
const maxDepth = 64;

/**
 * Packs tensors, numbers, texts, typed arrays, dates, blobs, and lists and plain objects of them.
 * @throws UsageError, with the path of the value, for functions and objects of other classes, which would arrive without their methods.
 */
export function pack(value: unknown, what: string): Packed {
  const tensors: PackedTensor[] = [];
  const packed = (each: unknown, path: string, depth: number): unknown => {
    if (depth > maxDepth) throw new UsageError(`${what}: values are nested more than ${maxDepth} levels deep, or contain themselves (${path.slice(0, 40)}…)`);
    if (isTensor(each)) {
      const mark = {};
      tensors.push({ mark, shape: [...each.shape], dtype: each.dtype, data: each.data("DataLoader").slice() });
      return mark;
    }
    if (Array.isArray(each)) return each.map((part: unknown, at) => packed(part, `${path}[${at}]`, depth + 1));
    if (isPlainObject(each)) return Object.fromEntries(Object.entries(each).map(([key, part]) => [key, packed(part, `${path}.${key}`, depth + 1)]));
    if (ArrayBuffer.isView(each)) return withoutOthers(each);
    if (isSendable(each)) return each;
    throw new UsageError(`${path} is ${describeValue(each)}, which cannot be sent to another thread; use tensors, numbers, texts, and lists and plain objects of them`);
  };
  return { value: packed(value, what, 0), tensors };
}

/** The memory of the packed tensors, which is moved to the other thread. */
export function memoryOf({ tensors }: Packed): ArrayBuffer[] {
  return tensors.map(({ data }) => data.buffer as ArrayBuffer);
}

/** The value that was packed. */
export function unpack({ value, tensors }: Packed): unknown {
  const byMark = new Map(tensors.map(({ mark, shape, dtype, data }) => [mark, new Tensor(shape, dtype, data)]));
  const unpacked = (each: unknown): unknown => {
    if (typeof each !== "object" || each === null) return each;
    const known = byMark.get(each);
    if (known !== undefined) return known;
    if (Array.isArray(each)) return each.map(unpacked);
    return isPlainObject(each) ? Object.fromEntries(Object.entries(each).map(([key, part]) => [key, unpacked(part)])) : each;
  };
  return unpacked(value);
}

/** Whether a message carries a value as it is. */
function isSendable(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  return value instanceof ArrayBuffer || value instanceof Date || value instanceof Blob;
}

/** A view whose memory holds nothing else: a message would carry all of it. */
function withoutOthers(view: ArrayBufferView): ArrayBufferView {
  if (view.byteLength === view.buffer.byteLength) return view;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  if (view instanceof DataView) return new DataView(bytes.buffer);
  const Elements = view.constructor as new (buffer: ArrayBuffer) => ArrayBufferView;
  return view instanceof Uint8Array ? bytes : new Elements(bytes.buffer);
}
