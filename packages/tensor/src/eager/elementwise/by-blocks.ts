import { allocate, type ArrayOf, type TypedArray } from "../../dtype.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf, type Shape } from "../../shape.js";
import { expanded } from "../movement/expanded.js";
import { blockSize, load, store } from "../typed-loops.js";

/** Computes `count` elements of the output from those of the inputs. */
type ElementwiseLoop = (count: number, out: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array) => void;

/** The same of whole arrays of float32, of no more than two inputs. */
type Float32Loop = (count: number, out: Float32Array, a: Float32Array, b: Float32Array) => void;

/**
 * The loop over blocks, and of what is common the same loop over whole arrays of float32: written twice, since an engine compiles a function once
 * for all arrays that it has seen.
 */
export type ElementwiseLoops = readonly [blocks: ElementwiseLoop] | readonly [blocks: ElementwiseLoop, float32: Float32Loop];

/** Computes `count` bools or int32 from one or two inputs, and writes them to `out` from `at` on. */
export type StoringLoop<Out> = (out: Out, at: number, count: number, a: Float64Array, b: Float64Array) => void;

// A block of each input and of the output: reused by all kernels, since none runs within another.
const a = /* @__PURE__ */ new Float64Array(blockSize);
const b = /* @__PURE__ */ new Float64Array(blockSize);
const c = /* @__PURE__ */ new Float64Array(blockSize);
const result = /* @__PURE__ */ new Float64Array(blockSize);
const blocks = [a, b, c] as const;

/** Fills the blocks of the inputs, which are broadcast to `shape`, one block after the other, and calls `compute` for each. */
function forEachBlock(inputs: readonly NdArray[], shape: Shape, size: number, compute: (at: number, count: number) => void): void {
  const all = inputs.map((input) => expanded(input, shape, size));
  for (let at = 0; at < size; at += blockSize) {
    const count = Math.min(blockSize, size - at);
    all.forEach((data, i) => load(blocks[i] as Float64Array, data, at, count));
    compute(at, count);
  }
}

/** Both inputs of float32, broadcast; of one, that one twice. */
function float32Pair(inputs: readonly NdArray[], shape: Shape, size: number): readonly [Float32Array, Float32Array] | undefined {
  const [first, second] = inputs;
  if (first?.dtype !== "float32") return undefined;
  const x = expanded(first, shape, size);
  const y = second ? expanded(second, shape, size) : x;
  return x instanceof Float32Array && y instanceof Float32Array ? [x, y] : undefined;
}

/** The output of an elementwise operation that keeps the dtype. */
export function computeElementwise(loops: ElementwiseLoops, inputs: readonly NdArray[], { shape, dtype }: TensorType): TypedArray {
  const size = sizeOf(shape);
  const out = allocate(dtype, size);
  const pair = loops[1] && float32Pair(inputs, shape, size);
  if (pair && out instanceof Float32Array) loops[1](size, out, pair[0], pair[1]);
  else {
    forEachBlock(inputs, shape, size, (at, count) => {
      loops[0](count, result, a, b, c);
      store[dtype](out, at, result, count);
    });
  }
  return out;
}

/** The output of an elementwise operation that gives bools or int32. */
export function computeStoring<D extends "bool" | "int32">(dtype: D, loop: StoringLoop<ArrayOf[D]>, inputs: readonly NdArray[], shape: Shape): ArrayOf[D] {
  const size = sizeOf(shape);
  const out = allocate(dtype, size);
  forEachBlock(inputs, shape, size, (at, count) => loop(out, at, count, a, b));
  return out;
}
