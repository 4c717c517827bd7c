import type { TypedArray } from "@nn/tensor";

/** Whether this machine is little-endian, like nearly all machines, and the file formats of tensors. */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The elements of an array as little-endian bytes. Do not write to them: they may be the memory of the elements. */
export function toLittleEndian(data: TypedArray | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return littleEndian ? bytes : reversed(bytes, data.BYTES_PER_ELEMENT);
}

/** Fills an array with elements that are given as little-endian bytes, as many as the array has. */
export function fillFromLittleEndian(data: TypedArray, bytes: Uint8Array): void {
  const own = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  own.set(littleEndian ? bytes : reversed(bytes, data.BYTES_PER_ELEMENT));
}

/** A copy in which each group of `size` bytes is reversed. */
export function reversed(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) result[at] = bytes[at - (at % size) + size - 1 - (at % size)] as number;
  return result;
}
