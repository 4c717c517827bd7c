import { customVjp } from "@nn/autograd";
import { equal, exp, greater, log, where, type Tensor } from "@nn/tensor";
import { timesChance, within } from "./elements.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link poissonNegativeLogLikelihood}. */
export interface PoissonNegativeLogLikelihoodOptions extends LossOptions {
  /** Whether the prediction is the logarithm of the rate; default true. */
  readonly logInput?: boolean | undefined;
  /** Whether Stirling's approximation of `log y!` is added where `y > 1`: `y log y − y + ½ log 2πy`; default false. */
  readonly full?: boolean | undefined;
  /** Added to rates before their logarithm is taken, where `logInput` is false; default 1e-8. */
  readonly epsilon?: number | undefined;
}

const poissonOptions: OwnKinds<PoissonNegativeLogLikelihoodOptions> = { logInput: "boolean", full: "boolean", epsilon: "nonNegative" };

/**
 * Negative log-likelihood of counts under Poisson distributions whose rates are predicted: `eˣ − y x` for logarithms of rates,
 * `x − y log(x + ε)` for rates. PyTorch: `PoissonNLLLoss`.
 *
 * Shapes: prediction and target (counts) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for negative counts, rates or epsilon.
 */
export function poissonNegativeLogLikelihood(
  prediction: Tensor, target: Tensor, options: PoissonNegativeLogLikelihoodOptions = {},
): Tensor {
  const operation = "poissonNegativeLogLikelihood";
  requireLossOptions(operation, options, poissonOptions);
  requirePair(operation, prediction, target);
  const { logInput = true, full = false, epsilon = 1e-8, reduction } = options;
  const counts = within(operation, target, "target", 0);
  const losses = logInput ? ofLogRates(prediction, counts) : ofRates(within(operation, prediction, "rate", 0), counts, epsilon);
  return reduceLosses(full ? losses.add(logFactorial(counts)) : losses, reduction);
}

/** `eˣ − y x`, Infinity at infinite x, where the difference is not a number; only a count of 0 costs nothing where the rate is 0. */
const ofLogRates = /* @__PURE__ */ customVjp(
  (x: Tensor, y: Tensor) => where(equal(x, Infinity), x, exp(x).sub(timesChance(y, x))),
  (gradient, { inputs: [x, y] }) => [gradient.mul(exp(x).sub(y)), gradient.mul(x.neg())],
);

/** `x − y log(x + ε)`, in the same way. */
function ofRates(x: Tensor, y: Tensor, epsilon: number): Tensor {
  const none = equal(y, 0);
  const logarithms = log(where(none, 1, x.add(epsilon)));
  return where(equal(x, Infinity), x, x.sub(where(equal(y, 0), 0, y.mul(logarithms))));
}

/** Stirling's approximation, 0 up to 1. */
function logFactorial(counts: Tensor): Tensor {
  const isLarge = greater(counts, 1);
  const large = where(isLarge, counts, 1);
  return where(isLarge, large.add(0.5).mul(log(large)).sub(large).add(0.5 * Math.log(2 * Math.PI)), 0);
}
