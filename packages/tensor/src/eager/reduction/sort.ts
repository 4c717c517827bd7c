import { allocate, type TypedArray } from "../../dtype.js";
import type { AxisAttributes } from "../../primitives/reduction.js";
import type { NdArray } from "../kernel.js";
import { blockOf } from "./blocks.js";

/** Sorts `indices` by ascending `keys`, none of them NaN, by merging; equal keys keep their order. `spare` is as long. */
function mergeSort(keys: Float64Array, indices: Int32Array, spare: Int32Array): void {
  let source = indices;
  let target = spare;
  const { length } = indices;
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesRight =
          left === middle || (right < end && (keys[source[right] as number] as number) < (keys[source[left] as number] as number));
        target[at] = source[takesRight ? right++ : left++] as number;
      }
    }
    [source, target] = [target, source];
  }
  if (source !== indices) indices.set(source);
}

/** Indices that sort each lane along the axis; NaN counts as largest, equal elements keep their order, also when descending. */
export function argSort([x]: readonly [NdArray], { axis, descending }: AxisAttributes & { readonly descending: boolean }): TypedArray {
  const { outer, length, inner } = blockOf(x.shape, axis);
  const out = allocate("int32", x.data.length);
  const keys = new Float64Array(length);
  const lane = new Int32Array(length);
  const spare = new Int32Array(length);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const at = o * length * inner + i;
      sortLane(x.data, at, inner, descending, { keys, lane, spare });
      for (let k = 0; k < length; k++) out[at + k * inner] = lane[k] as number;
    }
  }
  return out;
}

/** What {@link sortLane} writes to: the indices into `lane`; the others are scratch. */
interface Lane {
  readonly keys: Float64Array;
  readonly lane: Int32Array;
  readonly spare: Int32Array;
}

function sortLane(x: TypedArray, at: number, stride: number, descending: boolean, { keys, lane, spare }: Lane): void {
  const { length } = keys;
  let missing = 0;
  for (let k = 0; k < length; k++) {
    const value = x[at + k * stride] as number;
    keys[k] = descending ? -value : value;
    if (value !== value) missing++;
  }
  const firstNumber = descending ? missing : 0;
  let number = firstNumber;
  let notANumber = descending ? 0 : length - missing;
  for (let k = 0; k < length; k++) {
    const key = keys[k] as number;
    lane[key === key ? number++ : notANumber++] = k;
  }
  const present = length - missing;
  mergeSort(keys, lane.subarray(firstNumber, firstNumber + present), spare.subarray(0, present));
}
