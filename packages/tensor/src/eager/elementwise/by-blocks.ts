import { allocate, type TypedArray } from "../../dtype.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf } from "../../shape.js";
import { forEachRun, type Run } from "../loops.js";
import { blockSize, load, store } from "../typed-loops.js";

/** Computes the first `count` elements of the output from those of the inputs, and puts them in the place of the first input's: an array fewer to check. */
export type ElementwiseLoop = (count: number, a: Float64Array, b: Float64Array, c: Float64Array) => void;

/** A block of each input: reused by all kernels, since none runs within another. */
const blocks = [/* @__PURE__ */ new Float64Array(blockSize), /* @__PURE__ */ new Float64Array(blockSize), /* @__PURE__ */ new Float64Array(blockSize)] as const;

/** The output of an elementwise operation, block by block; all broadcasting is here. */
export function computeElementwise(loop: ElementwiseLoop, inputs: readonly NdArray[], { shape, dtype }: TensorType): TypedArray {
  const out = allocate(dtype, sizeOf(shape));
  let at = 0;
  let filled = 0;
  const compute = (): void => {
    loop(filled, ...blocks);
    store[dtype](out, at, blocks[0], filled);
    at += filled;
    filled = 0;
  };
  const run: Run = (_, starts, steps, length) => {
    for (let done = 0; done < length; ) {
      const count = Math.min(length - done, blockSize - filled);
      for (let i = 0; i < inputs.length; i++) {
        const step = steps[i] as number;
        load(blocks[i] as Float64Array, filled, (inputs[i] as NdArray).data, (starts[i] as number) + done * step, step, count);
      }
      filled += count;
      done += count;
      if (filled === blockSize) compute();
    }
  };
  const steps = inputs.map(({ data }) => (data.length === out.length ? 1 : 0));
  const inOneRun = inputs.every(({ data }, i) => steps[i] === 1 || data.length === 1);
  if (inOneRun) run(0, inputs.map(() => 0), steps, out.length);
  else forEachRun(shape, inputs.map((input) => broadcastStrides(input.shape, shape)), run);
  compute();
  return out;
}
