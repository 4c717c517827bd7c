import { allocate, holds, type ArrayOf, type DType, type TypedArray } from "../dtype.js";

// Engines compile the access to an element well only where one kind of array is seen: a loop through which float32, float64, int32 and bool
// go is up to ten times slower in each of them. So the loops of the kernels see Float64Arrays, which hold the elements of every dtype
// exactly, and `set` converts: it is the engine's own, and rounds to float32 or wraps around to int32 as a store of one element does.

/** The elements in the kind of array that holds `dtype`; the array itself where it is of that kind. */
export function inArrayOf<D extends DType>(dtype: D, data: TypedArray): ArrayOf[D] {
  if (holds(dtype, data)) return data;
  const out = allocate(dtype, data.length);
  out.set(data);
  return out;
}

/** Elements that are converted at once: what a kernel works on stays in the nearest cache. */
export const blockSize = 1024;

/** From this number of elements on, a call of the engine takes less time than a loop over elements of several kinds. */
const fewest = 24;

/** Writes `count` elements of `data`, from `from` on and `step` (0 or 1) apart, into `block` at `at`. */
export function load(block: Float64Array, at: number, data: TypedArray, from: number, step: number, count: number): void {
  if (count < fewest) for (let i = 0; i < count; i++) block[at + i] = data[from + i * step] as number;
  else if (step === 0) block.fill(data[from] as number, at, at + count);
  else block.set(data.subarray(from, from + count), at);
}

/** Writes the first `count` elements of `block` into `data` at `at`. */
export function store(data: TypedArray, at: number, block: Float64Array, count: number): void {
  if (count < fewest) for (let i = 0; i < count; i++) data[at + i] = block[i] as number;
  else data.set(block.subarray(0, count), at);
}
