import { allocate, type DType, type FloatDType, type TypedArray } from "../../dtype.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { expanded } from "../movement/expanded.js";

/** Computes `count` elements of the output from those of the inputs. */
export type Loop = (count: number, out: TypedArray, a: TypedArray, b: TypedArray, c: TypedArray) => void;

/** The loop of an operation for each dtype that it takes: written once for each, as `typed-loops.ts` explains. */
export type Loops<D extends DType> = { readonly [Each in D]: Loop };

/** The dtypes that hold numbers. */
export type NumericDType = FloatDType | "int32";

/** The output of an elementwise operation of up to three inputs, which are broadcast. The last one's dtype, one of those that the operation takes, says which loop. */
export function computeElementwise<D extends DType>(loops: Loops<D>, { shape, dtype }: TensorType, a: NdArray, b = a, c = b): TypedArray {
  const size = sizeOf(shape);
  const out = allocate(dtype, size);
  const x = expanded(a, shape, size);
  const y = b === a ? x : expanded(b, shape, size);
  loops[c.dtype as D](size, out, x, y, c === b ? y : expanded(c, shape, size));
  return out;
}
