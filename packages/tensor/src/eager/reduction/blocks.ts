import type { Shape } from "../../shape.js";

/** An axis seen from outside and inside: the array is `[outer, length, inner]`. */
export interface Block {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** The axis of `shape` as a block. */
export function blockOf(shape: Shape, axis: number): Block {
  let outer = 1;
  let inner = 1;
  shape.forEach((length, at) => {
    if (at < axis) outer *= length;
    else if (at > axis) inner *= length;
  });
  return { outer, length: shape[axis] ?? 1, inner };
}

/**
 * The steps that reduce `axes` of `shape`: neighbouring reduced axes are one block, the last block comes first, and what it
 * leaves is the array that the next one reduces.
 */
export function reductionBlocks(shape: Shape, axes: readonly number[]): Block[] {
  const blocks: Block[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (!axes.includes(axis)) {
      inner *= shape[axis] as number;
      continue;
    }
    let length = shape[axis] as number;
    while (axis > 0 && (axes.includes(axis - 1) || shape[axis - 1] === 1)) length *= shape[--axis] as number;
    let outer = 1;
    for (let before = 0; before < axis; before++) outer *= shape[before] as number;
    blocks.push({ outer, length, inner });
  }
  return blocks;
}
