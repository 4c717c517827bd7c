import { requireOneDType } from "../dtype.js";
import * as kernels from "../eager/movement.js";
import { ShapeError } from "../errors.js";
import { broadcastShapes, formatShape, requireShape, sameShape, sizeOf } from "../shape.js";
import type { AxisAttributes, ExpandAttributes, PadAttributes, PermuteAttributes, ReductionAttributes, ReshapeAttributes, SliceAttributes } from "./attributes.js";
import type { PrimitiveDefinition } from "./definition.js";

// Primitives that move elements without changing them.

/** Same elements in row-major order. */
export const reshape: PrimitiveDefinition<"reshape", 1, ReshapeAttributes> = {
  name: "reshape",
  arity: 1,
  kernel: kernels.reshape,
  type: ([x], { shape }) => {
    requireShape("reshape", shape);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(`reshape: ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements but ${formatShape(shape)} has ${sizeOf(shape)}`);
    }
    return { shape, dtype: x.dtype };
  },
};

/** Axis `i` of the output is axis `permutation[i]` of the input. */
export const permute: PrimitiveDefinition<"permute", 1, PermuteAttributes> = {
  name: "permute",
  arity: 1,
  kernel: kernels.permute,
  type: ([x], { permutation }) => ({
    shape: permutation.map((axis) => x.shape[axis] ?? 1),
    dtype: x.dtype,
  }),
};

/** Broadcasts to `shape`. */
export const expand: PrimitiveDefinition<"expand", 1, ExpandAttributes> = {
  name: "expand",
  arity: 1,
  kernel: kernels.expand,
  type: ([x], { shape }) => {
    requireShape("expand", shape);
    if (!sameShape(broadcastShapes("expand", [x.shape, shape]), shape)) {
      throw new ShapeError(`expand: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`);
    }
    return { shape, dtype: x.dtype };
  },
};

export const slice: PrimitiveDefinition<"slice", 1, SliceAttributes> = {
  name: "slice",
  arity: 1,
  kernel: kernels.slice,
  type: ([x], { starts, stops, steps }) => ({
    shape: x.shape.map((_, axis) => Math.ceil(((stops[axis] ?? 0) - (starts[axis] ?? 0)) / (steps[axis] ?? 1))),
    dtype: x.dtype,
  }),
};

export const pad: PrimitiveDefinition<"pad", 1, PadAttributes> = {
  name: "pad",
  arity: 1,
  kernel: kernels.pad,
  type: ([x], { low, high, interior }) => ({
    shape: x.shape.map((length, axis) => (low[axis] ?? 0) + length + Math.max(0, length - 1) * (interior[axis] ?? 0) + (high[axis] ?? 0)),
    dtype: x.dtype,
  }),
};

/** Joins along an existing axis. */
export const concat: PrimitiveDefinition<"concat", "any", AxisAttributes> = {
  name: "concat",
  arity: "any",
  kernel: kernels.concat,
  type: (inputs, { axis }) => {
    const [first] = inputs;
    if (first === undefined) throw new ShapeError("concat: needs at least one tensor");
    let total = 0;
    for (const input of inputs) {
      requireOneDType("concat", first.dtype, input.dtype);
      const fits = input.shape.length === first.shape.length && input.shape.every((length, at) => at === axis || length === first.shape[at]);
      if (!fits) {
        throw new ShapeError(
          `concat: ${inputs.map((each) => formatShape(each.shape)).join(", ")} differ in rank or outside axis ${axis}`,
        );
      }
      total += input.shape[axis] ?? 0;
    }
    return { shape: first.shape.map((length, at) => (at === axis ? total : length)), dtype: first.dtype };
  },
};

/** Reverses the order along `axes`. */
export const flip: PrimitiveDefinition<"flip", 1, ReductionAttributes> = {
  name: "flip",
  arity: 1,
  kernel: kernels.flip,
  type: ([x]) => x,
};
