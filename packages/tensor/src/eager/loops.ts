import type { Shape } from "../shape.js";

/** Nested loops over several operands, each with its own strides; the last loop is the innermost. */
export interface LoopNest {
  readonly lengths: readonly number[];
  /** For each operand, its stride in each loop. */
  readonly strides: readonly (readonly number[])[];
}

/**
 * The fewest loops that visit `shape` in row-major order: axes of size 1 are dropped, and neighbouring axes become one loop
 * where every operand can walk both with a single stride. There is always at least one loop.
 */
export function nestLoops(shape: Shape, strides: readonly (readonly number[])[]): LoopNest {
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
  if (lengths.length === 0) {
    lengths.push(1);
    for (const own of merged) own.push(0);
  }
  return { lengths, strides: merged };
}

/**
 * Calls `run` once for every execution of the innermost loop. `offsets` holds where each operand starts; it is advanced in
 * place, and `run` reads it.
 */
export function forEachRun({ lengths, strides }: LoopNest, offsets: number[], run: (count: number) => void): void {
  if (lengths.includes(0)) return;
  const depth = lengths.length - 1;
  const count = lengths[depth] as number;
  const position = new Array<number>(depth).fill(0);
  for (;;) {
    run(count);
    let axis = depth - 1;
    for (; axis >= 0; axis--) {
      const next = (position[axis] as number) + 1;
      const wraps = next === lengths[axis];
      position[axis] = wraps ? 0 : next;
      const moved = wraps ? 1 - next : 1;
      for (let operand = 0; operand < offsets.length; operand++) {
        offsets[operand] = (offsets[operand] as number) + moved * (strides[operand]?.[axis] as number);
      }
      if (!wraps) break;
    }
    if (axis < 0) return;
  }
}
