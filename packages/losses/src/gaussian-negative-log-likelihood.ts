import { formatShape, less, log, requireTensor, sameShape, ShapeError, square, unsqueeze, where, type Tensor } from "@nn/tensor";
import { within } from "./elements.js";
import { requireDTypeOf, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link gaussianNegativeLogLikelihood}. */
export interface GaussianNegativeLogLikelihoodOptions extends LossOptions {
  /** Whether the constant `½ log 2π` is added; default false. */
  readonly full?: boolean | undefined;
  /** The least variance; default 1e-6. */
  readonly epsilon?: number | undefined;
}

const gaussianOptions: OwnKinds<GaussianNegativeLogLikelihoodOptions> = { full: "boolean", epsilon: "positive" };

/**
 * Negative log-likelihood of targets under normal distributions whose means and variances are predicted:
 * `½ (log v + (x − y)² / v)` with `v = max(variance, ε)` (Nix and Weigend 1994). PyTorch: `GaussianNLLLoss`; as there, the
 * gradient of a variance below ε is that at ε, so that it can grow again.
 *
 * Shapes: prediction and target alike, `[N, …, D]`; the variance alike too, `[N, …]`, which is one for each row of D elements, one number for all,
 * or of the same rank with axes of size 1, along which it stays the same.
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
  // The difference is 0 and has the gradient of the variance.
  const bounded = where(less(given, epsilon), given.sub(given.detach()).add(epsilon), given);
  const losses = log(bounded).add(square(prediction.sub(target)).div(bounded)).mul(0.5);
  return reduceLosses(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}

/** The variance in a form that broadcasts; refuses shapes that PyTorch reads in another way, or not at all. */
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
