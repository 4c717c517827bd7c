import { allocate, holds, type ArrayOf, type DType, type TypedArray } from "../dtype.js";

// Engines compile an access to an element well only if it sees one kind of array. A loop that has seen float32, float64, int32 and bool is up to
// seven times slower in Firefox, and eleven times in WebKit. So each loop is written once for each kind of array: here for moving elements; in
// `elementwise/` for all dtypes of an operation; in `reduction/` for those that are not converted. `bench/engines.mjs` measures them.

/** Copies `count` elements that are `fromStep` apart to positions that are `step` apart. */
type Copy = (to: TypedArray, at: number, step: number, from: TypedArray, fromAt: number, fromStep: number, count: number) => void;

export const copy: { readonly [D in DType]: Copy } = {
  bool: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  int32: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  float32: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  float64: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
};

/** Writes each element of `from` `times` times, side by side. */
type Repeat = (to: TypedArray, from: TypedArray, times: number) => void;

export const repeat: { readonly [D in DType]: Repeat } = {
  bool: (to, from, times) => { for (let i = 0, at = 0; i < from.length; i++) for (const end = at + times; at < end; at++) to[at] = from[i] as number; },
  int32: (to, from, times) => { for (let i = 0, at = 0; i < from.length; i++) for (const end = at + times; at < end; at++) to[at] = from[i] as number; },
  float32: (to, from, times) => { for (let i = 0, at = 0; i < from.length; i++) for (const end = at + times; at < end; at++) to[at] = from[i] as number; },
  float64: (to, from, times) => { for (let i = 0, at = 0; i < from.length; i++) for (const end = at + times; at < end; at++) to[at] = from[i] as number; },
};

/** Copies the elements at `offsets` to neighbours from `at` on. */
type Gather = (to: TypedArray, at: number, from: TypedArray, offsets: Uint32Array, count: number) => void;

export const gather: { readonly [D in DType]: Gather } = {
  bool: (to, at, from, offsets, count) => { for (let i = 0; i < count; i++) to[at + i] = from[offsets[i] as number] as number; },
  int32: (to, at, from, offsets, count) => { for (let i = 0; i < count; i++) to[at + i] = from[offsets[i] as number] as number; },
  float32: (to, at, from, offsets, count) => { for (let i = 0; i < count; i++) to[at + i] = from[offsets[i] as number] as number; },
  float64: (to, at, from, offsets, count) => { for (let i = 0; i < count; i++) to[at + i] = from[offsets[i] as number] as number; },
};

/** Adds neighbours from `at` on to the elements at `offsets`; bool has no sums. */
type ScatterAdd = (to: TypedArray, offsets: Uint32Array, from: TypedArray, at: number, count: number) => void;

export const scatterAdd: { readonly [D in Exclude<DType, "bool">]: ScatterAdd } = {
  int32: (to, offsets, from, at, count) => { for (let i = 0; i < count; i++) to[offsets[i] as number] = (to[offsets[i] as number] as number) + (from[at + i] as number); },
  float32: (to, offsets, from, at, count) => { for (let i = 0; i < count; i++) to[offsets[i] as number] = (to[offsets[i] as number] as number) + (from[at + i] as number); },
  float64: (to, offsets, from, at, count) => { for (let i = 0; i < count; i++) to[offsets[i] as number] = (to[offsets[i] as number] as number) + (from[at + i] as number); },
};

/** The elements in the kind of array that holds `dtype`; the array itself if it is of that kind. */
export function inArrayOf<D extends DType>(dtype: D, data: TypedArray): ArrayOf[D] {
  if (holds(dtype, data)) return data;
  const out = allocate(dtype, data.length);
  out.set(data);
  return out;
}
