import { allocate, type TypedArray } from "../../dtype.js";
import type { TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { forEachRun, nestLoops } from "../loops.js";

/** One input of a run: where it starts, and whether it steps (1) or stays (0). */
type Walk = readonly [data: TypedArray, at: number, step: number];

function selectRun(out: TypedArray, at: number, [condition, cAt, cStep]: Walk, [x, xAt, xStep]: Walk, [y, yAt, yStep]: Walk, count: number): void {
  for (let i = 0; i < count; i++) {
    out[at + i] = condition[cAt + i * cStep] === 0 ? (y[yAt + i * yStep] as number) : (x[xAt + i * xStep] as number);
  }
}

export function select(inputs: readonly [NdArray, NdArray, NdArray], _: unknown, { shape, dtype }: TensorType): TypedArray {
  const size = sizeOf(shape);
  const out = allocate(dtype, size);
  const [condition, x, y] = inputs;
  if (size === 0) return out;
  if (inputs.every(({ data }) => data.length === size || data.length === 1)) {
    const whole = ({ data }: NdArray): Walk => [data, 0, data.length === 1 ? 0 : 1];
    selectRun(out, 0, whole(condition), whole(x), whole(y), size);
    return out;
  }
  const loops = nestLoops(shape, inputs.map((input) => broadcastStrides(input.shape, shape)));
  const [cStep = 0, xStep = 0, yStep = 0] = loops.strides.map((strides) => strides.at(-1));
  const starts = [0, 0, 0];
  let at = 0;
  forEachRun(loops, starts, (count) => {
    const [cAt = 0, xAt = 0, yAt = 0] = starts;
    selectRun(out, at, [condition.data, cAt, cStep], [x.data, xAt, xStep], [y.data, yAt, yStep], count);
    at += count;
  });
  return out;
}
