import { requireKind } from "@nn/tensor/extend";

/** The function that follows a weight, for which {@link calculateGain} knows a gain. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/**
 * The factor by which a weight is scaled so that the function after it keeps the variance: 1 for `linear` and `sigmoid`,
 * 5/3 for `tanh`, √2 for `relu`, √(2 / (1 + slope²)) for `leakyRelu` (He et al. 2015), 3/4 for `selu`: PyTorch's table.
 * `negativeSlope` (default 0.01) is that of `leakyRelu`.
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
