import { allocate, holds, type ArrayOf, type DType, type TypedArray } from "../dtype.js";

// Engines compile the access to an element well only where they see one kind of array: a loop that has seen float32, float64, int32 and bool is
// up to seven times slower in Firefox, and eleven in WebKit. So each loop is written once for each kind that it sees: here for moving elements, and
// in `elementwise/` and `reduction/` for float64 and, where that is faster, for float32. `bench/engines.mjs` measures them.

/** Elements of a block. */
export const blockSize = 1024;

/** Writes `count` elements of `data` from `from` on to the start of `block`. */
export function load(block: Float64Array, data: TypedArray, from: number, count: number): void {
  block.set(data.subarray(from, from + count));
}

/** Writes the first `count` elements of `block` into `data` from `at` on, as a store of one does: rounded to float32, and modulo 2³² to int32. */
type Store = (data: TypedArray, at: number, block: Float64Array, count: number) => void;

const storeFloats: Store = (data, at, block, count) => data.set(block.subarray(0, count), at);

/** The engines' own conversion to whole numbers is slow. */
export const store: { readonly [D in DType]: Store } = {
  bool: (data, at, block, count) => { for (let i = 0; i < count; i++) data[at + i] = block[i] as number; },
  int32: (data, at, block, count) => { for (let i = 0; i < count; i++) data[at + i] = block[i] as number; },
  float32: storeFloats,
  float64: storeFloats,
};

/** Copies `count` elements that are `fromStep` apart to places that are `step` apart. */
type Copy = (to: TypedArray, at: number, step: number, from: TypedArray, fromAt: number, fromStep: number, count: number) => void;

export const copy: { readonly [D in DType]: Copy } = {
  bool: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  int32: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  float32: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  float64: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
};

/** Copies the elements at `places` to neighbours from `at` on. */
type Gather = (to: TypedArray, at: number, from: TypedArray, places: Uint32Array, count: number) => void;

export const gather: { readonly [D in DType]: Gather } = {
  bool: (to, at, from, places, count) => { for (let i = 0; i < count; i++) to[at + i] = from[places[i] as number] as number; },
  int32: (to, at, from, places, count) => { for (let i = 0; i < count; i++) to[at + i] = from[places[i] as number] as number; },
  float32: (to, at, from, places, count) => { for (let i = 0; i < count; i++) to[at + i] = from[places[i] as number] as number; },
  float64: (to, at, from, places, count) => { for (let i = 0; i < count; i++) to[at + i] = from[places[i] as number] as number; },
};

/** Adds neighbours from `at` on to the elements at `places`; bool has no sums. */
type ScatterAdd = (to: TypedArray, places: Uint32Array, from: TypedArray, at: number, count: number) => void;

export const scatterAdd: { readonly [D in Exclude<DType, "bool">]: ScatterAdd } = {
  int32: (to, places, from, at, count) => { for (let i = 0; i < count; i++) to[places[i] as number] = (to[places[i] as number] as number) + (from[at + i] as number); },
  float32: (to, places, from, at, count) => { for (let i = 0; i < count; i++) to[places[i] as number] = (to[places[i] as number] as number) + (from[at + i] as number); },
  float64: (to, places, from, at, count) => { for (let i = 0; i < count; i++) to[places[i] as number] = (to[places[i] as number] as number) + (from[at + i] as number); },
};

/** The elements in the kind of array that holds `dtype`; the array itself where it is of that kind. */
export function inArrayOf<D extends DType>(dtype: D, data: TypedArray): ArrayOf[D] {
  if (holds(dtype, data)) return data;
  const out = allocate(dtype, data.length);
  out.set(data);
  return out;
}
