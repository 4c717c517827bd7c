import { ShapeError, type Shape } from "@nn/tensor";
import { formatShape, requireKind, requireShape } from "@nn/tensor/extend";

/** The number of inputs to each output of a weight (`fanIn`), and of outputs from each input (`fanOut`). */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** The variance that an initializer keeps: `"fanIn"` that of the forward pass, `"fanOut"` that of gradients. */
export type FanMode = keyof Fans;

/**
 * Fans of a weight `[out, in, …kernel]`: `fanIn = in · |kernel|`, `fanOut = out · |kernel|`.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function calculateFans(shape: Shape): Fans {
  return fansOf("calculateFans", shape);
}

/** The fans, with `operation` as the name in error messages. */
export function fansOf(operation: string, shape: Shape): Fans {
  requireShape(operation, shape);
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ShapeError(`${operation}: a weight of shape ${formatShape(shape)} has no fans; expected at least the axes [out, in]`);
  }
  const receptive = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: inputs * receptive, fanOut: outputs * receptive };
}

/** The function after a weight, for which {@link calculateGain} has a gain. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/**
 * The factor by which a weight is scaled so that the function after it keeps the variance: 1 for `linear` and `sigmoid`,
 * 5/3 for `tanh`, √2 for `relu`, √(2 / (1 + slope²)) for `leakyRelu` (He et al. 2015), 3/4 for `selu`: PyTorch's table.
 * `negativeSlope` (default 0.01) is the slope of `leakyRelu`.
 */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  requireKind("calculateGain", "negativeSlope", negativeSlope, "finite");
  const gains: Readonly<Record<Nonlinearity, number>> = {
    linear: 1,
    sigmoid: 1,
    tanh: 5 / 3,
    relu: Math.SQRT2,
    leakyRelu: Math.sqrt(2 / (1 + negativeSlope ** 2)),
    selu: 3 / 4,
  };
  requireKind("calculateGain", "nonlinearity", nonlinearity, Object.keys(gains));
  return gains[nonlinearity];
}
