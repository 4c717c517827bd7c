import { formatShape, requireShape, ShapeError, type Shape } from "@nn/tensor";

/** How many inputs each output of a weight sums over, and how many outputs each input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Which of the two an initializer keeps the variance of: `"fanIn"` that of the forward pass, `"fanOut"` that of gradients. */
export type FanMode = keyof Fans;

/**
 * Fans of a weight `[out, in, …kernel]`: `fanIn = in · |kernel|`, `fanOut = out · |kernel|`.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function calculateFans(shape: Shape): Fans {
  return fansOf("calculateFans", shape);
}

/** The fans, for an operation that asks for them. */
export function fansOf(operation: string, shape: Shape): Fans {
  requireShape(operation, shape);
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ShapeError(`${operation}: a weight of shape ${formatShape(shape)} has no fans; expected at least the axes [out, in]`);
  }
  const receptive = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: inputs * receptive, fanOut: outputs * receptive };
}
