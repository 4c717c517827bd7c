import { allocate, type TypedArray } from "../dtype.js";
import type { AxisAttributes, ExpandAttributes, PadAttributes, PermuteAttributes, ReductionAttributes, ReshapeAttributes, SliceAttributes } from "../primitives/attributes.js";
import type { Kernel, NdArray, TensorType } from "../primitives/definition.js";
import { sizeOf, stridesOf } from "../shape.js";
import { filled } from "./elementwise/cast.js";
import { expanded } from "./movement/expanded.js";
import { stridedCopy } from "./movement/strided-copy.js";

/** A new array of the output type, filled from the elements of `x` at `offset` with `strides`. */
function rearranged(x: NdArray, { shape, dtype }: TensorType, offset: number, strides: readonly number[]): TypedArray {
  const out = allocate(dtype, sizeOf(shape));
  stridedCopy(dtype, shape, { data: x.data, offset, strides }, { data: out, offset: 0, strides: stridesOf(shape) });
  return out;
}

/** The elements of `x` in the order of its permuted axes. */
export function permuted(x: NdArray, permutation: readonly number[]): TypedArray {
  if (permutation.every((axis, at) => axis === at)) return x.data;
  const strides = stridesOf(x.shape);
  const shape = permutation.map((axis) => x.shape[axis] as number);
  return rearranged(x, { shape, dtype: x.dtype }, 0, permutation.map((axis) => strides[axis] as number));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

export const reshape: Kernel<1, ReshapeAttributes> = ([x]) => x.data;

export const permute: Kernel<1, PermuteAttributes> = ([x], { permutation }) => permuted(x, permutation);

export const expand: Kernel<1, ExpandAttributes> = ([x], { shape }) => expanded(x, shape, sizeOf(shape));

export const slice: Kernel<1, SliceAttributes> = ([x], { starts, steps }, output) => {
  const strides = stridesOf(x.shape);
  return rearranged(x, output, dot(starts, strides), strides.map((stride, axis) => stride * (steps[axis] as number)));
};

/** Pads. A negative width cuts elements off: on each axis, the elements of `x` whose new position lies inside are kept. */
export const pad: Kernel<1, PadAttributes> = ([x], { low, interior, value }, { shape, dtype }) => {
  const out = filled(dtype, sizeOf(shape), value);
  const spacing = interior.map((between) => between + 1);
  const first = x.shape.map((_, axis) => Math.max(0, Math.ceil(-(low[axis] as number) / (spacing[axis] as number))));
  const kept = x.shape.map((length, axis) => {
    const end = Math.floor(((shape[axis] as number) - 1 - (low[axis] as number)) / (spacing[axis] as number)) + 1;
    return Math.max(0, Math.min(length, end) - (first[axis] as number));
  });
  const positions = first.map((start, axis) => (low[axis] as number) + start * (spacing[axis] as number));
  const strides = stridesOf(x.shape);
  const outStrides = stridesOf(shape);
  stridedCopy(
    dtype,
    kept,
    { data: x.data, offset: dot(first, strides), strides },
    { data: out, offset: dot(positions, outStrides), strides: outStrides.map((stride, axis) => stride * (spacing[axis] as number)) },
  );
  return out;
};

export const concat: Kernel<"any", AxisAttributes> = (inputs, { axis }, { shape, dtype }) => {
  const out = allocate(dtype, sizeOf(shape));
  const strides = stridesOf(shape);
  let offset = 0;
  for (const input of inputs) {
    stridedCopy(dtype, input.shape, { data: input.data, offset: 0, strides: stridesOf(input.shape) }, { data: out, offset, strides });
    offset += (input.shape[axis] as number) * (strides[axis] as number);
  }
  return out;
};

export const flip: Kernel<1, ReductionAttributes> = ([x], { axes }, output) => {
  if (output.shape.includes(0)) return x.data;
  const strides = stridesOf(x.shape);
  const last = strides.map((stride, axis) => (axes.includes(axis) ? stride * ((x.shape[axis] as number) - 1) : 0));
  return rearranged(x, output, last.reduce((sum, each) => sum + each, 0), strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)));
};
