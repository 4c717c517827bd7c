import { allocate, type DType, type FloatDType, type TypedArray } from "../../dtype.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf, type Shape } from "../../shape.js";
import { expanded } from "../movement/expanded.js";

/** Computes `count` elements of the output from those of the inputs. */
export type Loop = (count: number, out: TypedArray, a: TypedArray, b: TypedArray, c: TypedArray) => void;

/** The loop of an operation for each dtype that it takes: written once for each, as `typed-loops.ts` explains. */
export type Loops<D extends DType> = { readonly [Each in D]: Loop };

/** The dtypes that hold numbers. */
export type NumericDType = FloatDType | "int32";

/** An operand that is one number is repeated this often at a time: what the fastest cache holds of the output and its inputs. */
const block = 2048;

/** The output of an elementwise operation of up to three inputs, which are broadcast. The last one's dtype, one of those that the operation takes, says which loop. */
export function computeElementwise<D extends DType>(loops: Loops<D>, { shape, dtype }: TensorType, a: NdArray, b = a, c = b): TypedArray {
  const size = sizeOf(shape);
  const out = allocate(dtype, size);
  const loop = loops[c.dtype as D];
  if (size > block && (a.data.length === 1 || b.data.length === 1 || c.data.length === 1)) return inBlocks(loop, out, [a, b, c], shape);
  const x = expanded(a, shape, size);
  const y = b === a ? x : expanded(b, shape, size);
  loop(size, out, x, y, c === b ? y : expanded(c, shape, size));
  return out;
}

/** Block by block, so that an operand that is one number takes the memory of one block. */
function inBlocks(loop: Loop, out: TypedArray, inputs: readonly [NdArray, NdArray, NdArray], shape: Shape): TypedArray {
  const operands = inputs.map((input) => expanded(input, shape, input.data.length === 1 ? block : out.length));
  for (let start = 0; start < out.length; start += block) {
    const end = Math.min(start + block, out.length);
    const [a, b, c] = operands.map((each) => (each.length === block ? each : each.subarray(start, end))) as [TypedArray, TypedArray, TypedArray];
    loop(end - start, out.subarray(start, end), a, b, c);
  }
  return out;
}
