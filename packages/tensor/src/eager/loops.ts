import type { Shape } from "../shape.js";

/**
 * Handles the elements of one innermost loop. `at` is the row-major position of the first one. Each operand has its own start and
 * step.
 */
export type Run = (at: number, starts: readonly number[], steps: readonly number[], count: number) => void;

/**
 * Visits `shape` in row-major order and calls `run` once for every innermost loop. Each operand has a stride for every axis.
 */
export function forEachRun(shape: Shape, operands: readonly (readonly number[])[], run: Run): void {
  if (shape.includes(0)) return;
  const { lengths, strides } = nestLoops(shape, operands);
  const depth = lengths.length - 1;
  const count = lengths[depth] as number;
  const steps = strides.map((own) => own[depth] as number);
  const starts = operands.map(() => 0);
  const position = new Array<number>(depth).fill(0);
  for (let at = 0; ; at += count) {
    run(at, starts, steps, count);
    let axis = depth - 1;
    for (; axis >= 0; axis--) {
      const next = (position[axis] as number) + 1;
      const wraps = next === lengths[axis];
      position[axis] = wraps ? 0 : next;
      const moved = wraps ? 1 - next : 1;
      for (let operand = 0; operand < starts.length; operand++) {
        starts[operand] = (starts[operand] as number) + moved * (strides[operand]?.[axis] as number);
      }
      if (!wraps) break;
    }
    if (axis < 0) return;
  }
}

/** Nested loops over several operands; the last loop is the innermost. */
interface LoopNest {
  readonly lengths: readonly number[];
  /** For each operand, its stride in each loop. */
  readonly strides: readonly (readonly number[])[];
}

/**
 * The fewest loops that visit `shape` in row-major order: axes of size 1 are dropped, and neighbouring axes become one loop
 * where every operand can walk both with a single stride. There is always at least one loop.
 */
function nestLoops(shape: Shape, strides: readonly (readonly number[])[]): LoopNest {
  const lengths: number[] = [];
  const merged = strides.map((): number[] => []);
  for (let axis = 0; axis < shape.length; axis++) {
    const length = shape[axis] as number;
    if (length === 1) continue;
    const last = lengths.length - 1;
    const merges = last >= 0 && strides.every((own, operand) => merged[operand]?.[last] === (own[axis] as number) * length);
    if (merges) lengths[last] = (lengths[last] as number) * length;
    else lengths.push(length);
    const at = lengths.length - 1;
    strides.forEach((own, operand) => ((merged[operand] as number[])[at] = own[axis] as number));
  }
  if (lengths.length > 0) return { lengths, strides: merged };
  return { lengths: [1], strides: strides.map(() => [0]) };
}
