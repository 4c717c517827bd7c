import * as fc from "fast-check";
import { allocate, type DType, type TypedArray } from "../../src/dtype.js";
import * as primitives from "../../src/primitives/all.js";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive } from "../../src/primitives/table.js";
import { broadcastStrides, sizeOf, stridesOf, type Shape } from "../../src/shape.js";
import type { NdArray } from "../../src/primitives/definition.js";

/** An array of the given elements. */
export function array(dtype: DType, shape: Shape, values: ArrayLike<number>): NdArray {
  const data: TypedArray = allocate(dtype, sizeOf(shape));
  data.set(values);
  return { shape, dtype, data };
}

/** A vector of the given elements. */
export function vector(dtype: DType, values: readonly number[]): NdArray {
  return array(dtype, [values.length], values);
}

/** The result of a primitive's type rule and reference kernel; the inputs must come out unchanged. */
export function apply<P extends Primitive>(primitive: P, inputs: InputsOf<P, NdArray>, attributes: AttributesOf<P>): NdArray {
  const definitions: { readonly [Q in Primitive]: DefinitionOf<Q> } = primitives;
  const definition = definitions[primitive];
  const type = definition.type(inputs, attributes);
  const before = inputs.map(({ data }) => data.slice());
  const data = definition.kernel(inputs, attributes, type);
  inputs.forEach((input, i) => {
    if (input.data.some((value, at) => !Object.is(value, before[i]?.[at]))) throw new Error(`${primitive} changed its input ${i}`);
  });
  return { shape: type.shape, dtype: type.dtype, data };
}

/** The elements of an array as plain numbers. */
export function elements({ data }: NdArray): number[] {
  return Array.from(data);
}

/** All positions of a shape in row-major order. */
export function positions(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (before, length) => before.flatMap((position) => Array.from({ length }, (_, i) => [...position, i])),
    [[]],
  );
}

function offset(position: readonly number[], strides: readonly number[]): number {
  return strides.reduce((sum, stride, axis) => sum + stride * (position[axis] ?? 0), 0);
}

/** The element at a position. */
export function at(x: NdArray, position: readonly number[]): number {
  return x.data[offset(position, stridesOf(x.shape))] as number;
}

/** The element at a position of the shape that the array broadcasts to. */
export function broadcastAt(x: NdArray, position: readonly number[], shape: Shape): number {
  return x.data[offset(position, broadcastStrides(x.shape, shape))] as number;
}

/** An array that is computed position by position, in float64, and rounded to the dtype. */
export function naive(dtype: DType, shape: Shape, element: (position: readonly number[]) => number): NdArray {
  return array(dtype, shape, positions(shape).map(element));
}

/** Shapes of few elements; sizes 0 and 1 are common. */
export function shapes({ minRank = 0, maxRank = 4, minSize = 0 } = {}): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: minSize, max: 4 }), { minLength: minRank, maxLength: maxRank });
}

/** Numbers whose sums and products of a few are exact in every dtype. */
export const smallNumbers: { readonly [D in DType]: fc.Arbitrary<number> } = {
  bool: fc.integer({ min: 0, max: 1 }),
  int32: fc.integer({ min: -9, max: 9 }),
  float32: fc.integer({ min: -16, max: 16 }).map((n) => n / 4),
  float64: fc.integer({ min: -16, max: 16 }).map((n) => n / 4),
};

/** Numbers of a dtype, with all that is special about it. */
export const anyNumbers: { readonly [D in DType]: fc.Arbitrary<number> } = {
  bool: fc.integer({ min: 0, max: 1 }),
  int32: fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  float32: fc.oneof(smallNumbers.float32, fc.constantFrom(NaN, Infinity, -Infinity, -0), fc.float()),
  float64: fc.oneof(smallNumbers.float64, fc.constantFrom(NaN, Infinity, -Infinity, -0), fc.double()),
};

/** Arrays of a given shape. */
export function arraysOf(dtype: DType, shape: Shape, values = smallNumbers): fc.Arbitrary<NdArray> {
  const size = sizeOf(shape);
  return fc.array(values[dtype], { minLength: size, maxLength: size }).map((data) => array(dtype, shape, data));
}

/** A shape, and shapes that broadcast to it together: the first differs from it where the others do not. */
export function broadcastableShapes(count: number): fc.Arbitrary<{ readonly shape: number[]; readonly inputs: number[][] }> {
  return shapes().chain((shape) => {
    const masks = fc.array(fc.tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })), {
      minLength: count - 1,
      maxLength: count - 1,
    });
    return masks.map((each) => {
      const others = each.map(([dropped, ones]) => shape.map((length, axis) => (ones[axis] === true ? 1 : length)).slice(dropped));
      return { shape, inputs: [shape, ...others] };
    });
  });
}
