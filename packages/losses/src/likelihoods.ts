import { customVjp } from "@nn/autograd";
import { equal, exp, greater, less, log, ShapeError, unsqueeze, where, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor, sameShape } from "@nn/tensor/extend";
import { timesChance, within } from "./elements.js";
import { requireDTypeOf, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link gaussianNegativeLogLikelihood}. */
export interface GaussianNegativeLogLikelihoodOptions extends LossOptions {
  /** Whether the constant `½ log 2π` is added; default false. */
  readonly full?: boolean | undefined;
  /** Lower bound ε of the variance; default 1e-6. */
  readonly epsilon?: number | undefined;
}

const gaussianOptions: OwnKinds<GaussianNegativeLogLikelihoodOptions> = { full: "boolean", epsilon: "positive" };

/**
 * Negative log-likelihood of targets under normal distributions whose means and variances are predicted:
 * `½ (log v + (x − y)² / v)` with `v = max(variance, ε)` (Nix and Weigend 1994). PyTorch: `GaussianNLLLoss`; as there, a variance
 * below ε gets the gradient at ε, so that it can grow again.
 *
 * Shapes: prediction and target `[N, …, D]`. The variance is one of: `[N, …, D]`; `[N, …]`, one for each row of D elements; a number for
 * all; or a tensor of the same rank with axes of size 1, which broadcast.
 * @throws ShapeError, DTypeError unless shapes and dtypes fit; ArgumentError for a negative variance or an epsilon that is not positive.
 */
export function gaussianNegativeLogLikelihood(
  prediction: Tensor, target: Tensor, variance: Tensor, options: GaussianNegativeLogLikelihoodOptions = {},
): Tensor {
  const operation = "gaussianNegativeLogLikelihood";
  requireLossOptions(operation, options, gaussianOptions);
  requirePair(operation, prediction, target);
  requireTensor(operation, variance, "variance");
  requireDTypeOf(operation, prediction, "prediction", variance, "variance");
  const { full = false, epsilon = 1e-6, reduction } = options;
  const given = within(operation, varianceOf(operation, prediction, variance), "variance", 0);
  // The difference is 0, and passes the gradient on to the variance.
  const bounded = where(less(given, epsilon), given.sub(given.detach()).add(epsilon), given);
  const difference = prediction.sub(target);
  // Not the square first: it may overflow where its quotient does not.
  const losses = log(bounded).add(difference.div(bounded).mul(difference)).mul(0.5);
  return reduceLosses(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}

/** The variance in a shape that broadcasts. Refuses shapes that PyTorch refuses or reads in another way. */
function varianceOf(operation: string, { shape, rank }: Tensor, variance: Tensor): Tensor {
  if (variance.rank > 0 && sameShape(variance.shape, shape.slice(0, -1))) return unsqueeze(variance, -1);
  if (variance.size === 1 || (variance.rank === rank && variance.shape.every((size, axis) => size === 1 || size === shape[axis]))) return variance;
  const rows = shape.slice(0, -1);
  const columns = [...rows.map(() => 1), shape.at(-1) ?? 1];
  throw new ShapeError(
    `${operation}: variance is ${formatShape(variance.shape)} for predictions ${formatShape(shape)}, expected ${formatShape(shape)}, ` +
      `${formatShape(rows)} for one of each row, or ${formatShape(columns)} for one of each column`,
  );
}

/** Options of {@link poissonNegativeLogLikelihood}. */
export interface PoissonNegativeLogLikelihoodOptions extends LossOptions {
  /** Whether the prediction is the logarithm of the rate; default true. */
  readonly logInput?: boolean | undefined;
  /** Whether Stirling's approximation of `log y!` is added where `y > 1`: `y log y − y + ½ log 2πy`; default false. */
  readonly full?: boolean | undefined;
  /** Added to the rate before its logarithm is taken, if `logInput` is false; default 1e-8. */
  readonly epsilon?: number | undefined;
}

const poissonOptions: OwnKinds<PoissonNegativeLogLikelihoodOptions> = { logInput: "boolean", full: "boolean", epsilon: "nonNegative" };

/**
 * Negative log-likelihood of counts y under Poisson distributions whose rates are predicted: `eˣ − y x` if x is the logarithm of the
 * rate, `x − y log(x + ε)` if it is the rate. PyTorch: `PoissonNLLLoss`.
 *
 * Shapes: prediction and target (counts) have the same shape.
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

/** `eˣ − y x`; Infinity at infinite x, where the difference would be NaN, but 0 for a count of 0 at a rate of 0. */
const ofLogRates = /* @__PURE__ */ customVjp(
  (x: Tensor, y: Tensor) => where(equal(x, Infinity), x, exp(x).sub(timesChance(y, x))),
  (gradient, { inputs: [x, y] }) => [gradient.mul(exp(x).sub(y)), gradient.mul(x.neg())],
);

/** `x − y log(x + ε)`; Infinity at infinite x, and `x` for a count of 0. */
function ofRates(x: Tensor, y: Tensor, epsilon: number): Tensor {
  const none = equal(y, 0);
  const logarithms = log(where(none, 1, x.add(epsilon)));
  return where(equal(x, Infinity), x, x.sub(where(equal(y, 0), 0, y.mul(logarithms))));
}

/** Stirling's approximation of `log y!`; 0 where `y ≤ 1`. */
function logFactorial(counts: Tensor): Tensor {
  const isLarge = greater(counts, 1);
  const large = where(isLarge, counts, 1);
  return where(isLarge, large.add(0.5).mul(log(large)).sub(large).add(0.5 * Math.log(2 * Math.PI)), 0);
}
