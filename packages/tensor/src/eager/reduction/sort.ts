import { allocate, type TypedArray } from "../../dtype.js";
import type { AxisAttributes } from "../../primitives/attributes.js";
import type { NdArray } from "../../primitives/definition.js";
import { inArrayOf } from "../typed-loops.js";
import { axisBlock } from "./axis-block.js";

/** Elements with their original positions. */
interface Keyed {
  readonly keys: Float64Array;
  readonly positions: Int32Array;
}

function keyed(length: number): Keyed {
  return { keys: new Float64Array(length), positions: new Int32Array(length) };
}

/** Merges two neighbouring sorted runs of `from`, `start … middle` and `middle … end`, into `to`. Of equal keys, the left one comes first. */
function merge(from: Keyed, to: Keyed, start: number, middle: number, end: number): void {
  const { keys, positions } = from;
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesRight = left === middle || (right < end && (keys[right] as number) < (keys[left] as number));
    const next = takesRight ? right++ : left++;
    to.keys[at] = keys[next] as number;
    to.positions[at] = positions[next] as number;
  }
}

/** Sorts the elements `start … end` of `a` by their keys, none of which is NaN. Equal keys keep their order. `b` is scratch memory. Returns the array that holds the result. */
function mergeSort(a: Keyed, b: Keyed, start: number, end: number): Keyed {
  let from = a;
  let to = b;
  for (let width = 1; width < end - start; width *= 2) {
    for (let at = start; at < end; at += 2 * width) merge(from, to, at, Math.min(at + width, end), Math.min(at + 2 * width, end));
    [from, to] = [to, from];
  }
  return from;
}

/** The indices that sort each lane along the axis. NaN counts as largest. Equal elements keep their order, also in descending order. */
export function argSort([x]: readonly [NdArray], { axis, descending }: AxisAttributes & { readonly descending: boolean }): TypedArray {
  const { outer, length, inner } = axisBlock(x.shape, axis);
  const values = inArrayOf("float64", x.data);
  const out = allocate("int32", values.length);
  const lane = keyed(length);
  const scratch = keyed(length);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const at = o * length * inner + i;
      const missing = partition(lane, values, at, inner, descending);
      const [start, end] = descending ? [missing, length] : [0, length - missing];
      const numbers = mergeSort(lane, scratch, start, end).positions;
      for (let k = 0; k < length; k++) {
        out[at + k * inner] = (k >= start && k < end ? numbers[k] : lane.positions[k]) as number;
      }
    }
  }
  return out;
}

/**
 * Fills `lane` with the elements from `at` on, `stride` apart, in their order, but moves NaNs to the end, or to the start in descending
 * order. In descending order the keys are the negated elements. Returns the number of NaNs.
 */
function partition({ keys, positions }: Keyed, x: Float64Array, at: number, stride: number, descending: boolean): number {
  const { length } = keys;
  let missing = 0;
  for (let k = 0; k < length; k++) missing += Number(Number.isNaN(x[at + k * stride]));
  let number = descending ? missing : 0;
  let notANumber = descending ? 0 : length - missing;
  for (let k = 0; k < length; k++) {
    const value = x[at + k * stride] as number;
    const position = value === value ? number++ : notANumber++;
    keys[position] = descending ? -value : value;
    positions[position] = k;
  }
  return missing;
}
