import type { Shape } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import { broadcastStrides } from "@nn/tensor/interpreter";

/** A part of where a matrix of a batch lies: `(batch / divisor mod size) · elements`. */
export interface BatchTerm {
  readonly divisor: number;
  readonly size: number;
  readonly elements: number;
  /** Whether the quotient is always below the size. */
  readonly isLast: boolean;
}

/** Where the matrix of an input lies, for the number of a batch of the output: a sum of terms. Axes that are walked as one are one term. */
export function batchTerms(input: Shape, output: Shape): BatchTerm[] {
  const axes = output.slice(0, -2);
  const matrix = sizeOf(input.slice(-2));
  const strides = broadcastStrides(input.slice(0, -2), axes);
  const terms: BatchTerm[] = [];
  let divisor = 1;
  for (const [axis, size] of [...axes.entries()].toReversed()) {
    const elements = (strides[axis] ?? 0) * matrix;
    const inner = terms.at(-1);
    if (size > 1 && inner !== undefined && inner.divisor * inner.size === divisor && elements === inner.elements * inner.size) terms[terms.length - 1] = { ...inner, size: inner.size * size };
    else if (size > 1) terms.push({ divisor, size, elements, isLast: false });
    divisor *= size;
  }
  return terms.filter(({ elements }) => elements !== 0).map((term) => ({ ...term, isLast: term.divisor * term.size === divisor }));
}
