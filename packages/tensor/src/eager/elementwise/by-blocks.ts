import { allocate, type TypedArray } from "../../dtype.js";
import type { TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf } from "../../shape.js";
import { blockSize, load, store } from "../typed-loops.js";
import type { NdArray } from "../kernel.js";
import { forEachRun } from "../loops.js";

/** Computes the first `count` elements of `out` from those of the inputs. Each operation has a loop of its own, which the engine compiles for that one. */
export type ElementwiseLoop = (count: number, out: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array) => void;

// Blocks of the output and of the inputs: reused by all kernels, since none runs within another.
const outBlock = /* @__PURE__ */ new Float64Array(blockSize);
const inBlocks = [/* @__PURE__ */ new Float64Array(blockSize), /* @__PURE__ */ new Float64Array(blockSize), /* @__PURE__ */ new Float64Array(blockSize)] as const;

/** The output of an elementwise operation, block by block; all broadcasting is here. */
export function computeElementwise(loop: ElementwiseLoop, inputs: readonly NdArray[], { shape, dtype }: TensorType): TypedArray {
  const out = allocate(dtype, sizeOf(shape));
  let at = 0;
  let filled = 0;
  const compute = (): void => {
    loop(filled, outBlock, ...inBlocks);
    store[dtype](out, at, outBlock, filled);
    at += filled;
    filled = 0;
  };
  forEachRun(shape, inputs.map((input) => broadcastStrides(input.shape, shape)), (_, starts, steps, length) => {
    for (let done = 0; done < length; ) {
      const count = Math.min(length - done, blockSize - filled);
      inputs.forEach((input, i) => load[input.dtype](inBlocks[i] as Float64Array, filled, input.data, (starts[i] as number) + done * (steps[i] as number), steps[i] as number, count));
      filled += count;
      done += count;
      if (filled === blockSize) compute();
    }
  });
  compute();
  return out;
}
