import { elementSizes } from "../safetensors/element-types.js";
import type { TorchTensor } from "./torch-values.js";

/** The bytes of the storage that a tensor reaches: from its first element to its last. */
export function spanOf({ dtype, offset, shape, strides }: TorchTensor): { readonly start: number; readonly end: number } {
  const size = elementSizes[dtype];
  if (shape.includes(0)) return { start: offset * size, end: offset * size };
  const last = shape.reduce((at, length, axis) => at + (length - 1) * (strides[axis] as number), offset);
  return { start: offset * size, end: (last + 1) * size };
}

/** The elements of a tensor in row-major order, from the bytes of its span. */
export function gather({ dtype, shape, strides }: TorchTensor, span: Uint8Array): Uint8Array {
  const size = elementSizes[dtype];
  const count = shape.reduce((product, length) => product * length, 1);
  if (isContiguous(shape, strides)) return span.subarray(0, count * size);
  const result = new Uint8Array(count * size);
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < count; at++) {
    for (let byte = 0; byte < size; byte++) result[at * size + byte] = span[from * size + byte] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const position = (index[axis] as number) + 1;
      from += strides[axis] as number;
      index[axis] = position;
      if (position < (shape[axis] as number)) break;
      from -= position * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return result;
}

/** Whether elements lie one after another. Strides of axes of size 1 do not matter. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis] as number;
  }
  return true;
}
