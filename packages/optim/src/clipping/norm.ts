import {
  abs, add, ArgumentError, equal, logicalOr, max, maximum, minimum, pow, reciprocal, sqrt, square, sum, where, type Gradients, type Tensor,
} from "@nn/tensor";
import { requireOptions, scalar, type OptionKinds } from "@nn/tensor/extend";
import { requireLimit } from "./requirements.js";

/** Options of {@link clipByGlobalNorm} and {@link clipByNorm}. */
export interface ClipByNormOptions {
  /** Which norm: `(Σ |g|ᵖ)^(1/p)`, for `Infinity` the largest `|g|`. Default 2. */
  readonly p?: number | undefined;
}

const clipByNormOptions: OptionKinds<ClipByNormOptions> = { p: "number" };

/** A list of gradients, some of which may be missing. */
export type GradientList = readonly (Tensor | undefined)[];

/** The clipped gradients. Missing ones stay `undefined`. If the list carries the variables that the gradients belong to, the result does too. */
export type Clipped<List extends GradientList> = List extends Gradients<infer G> ? Gradients<G> : List[number][];

/**
 * Scales all gradients by one factor, so that the norm of all their elements is at most `limit` (Pascanu et al. 2013):
 * `g · min(1, limit / (norm + 1e-6))`. Returns the new gradients and the norm before scaling. The limit `Infinity` changes nothing. Large elements do not
 * overflow. PyTorch: `clip_grad_norm_`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { clipByGlobalNorm } from "@nn/optim";
 * const { gradients, norm } = clipByGlobalNorm([tensor([3]), tensor([4])], 1);
 * norm.item(); // => 5
 * gradients.map((gradient) => gradient.item().toFixed(4)); // => ["0.6000", "0.8000"]
 * ```
 * @throws ArgumentError for a limit that is negative, or a `p` that is not positive.
 */
export function clipByGlobalNorm<List extends GradientList>(
  gradients: List, limit: number, options: ClipByNormOptions = {},
): { readonly gradients: Clipped<List>; readonly norm: Tensor } {
  requireLimit("clipByGlobalNorm", gradients, limit);
  const norm = normOf(gradients.filter((gradient) => gradient !== undefined), exponentOf("clipByGlobalNorm", options));
  return { gradients: scaled(gradients, () => norm, limit), norm };
}

/**
 * Scales each gradient separately, so that its norm is at most `limit`.
 * @throws ArgumentError for a limit that is negative, or a `p` that is not positive.
 */
export function clipByNorm<List extends GradientList>(gradients: List, limit: number, options: ClipByNormOptions = {}): Clipped<List> {
  requireLimit("clipByNorm", gradients, limit);
  const p = exponentOf("clipByNorm", options);
  return scaled(gradients, (gradient) => normOf([gradient], p), limit);
}

function scaled<List extends GradientList>(gradients: List, norm: (gradient: Tensor) => Tensor, limit: number): Clipped<List> {
  return gradients.map((gradient) => {
    // For an infinite limit and norm the quotient would be NaN.
    if (gradient === undefined || limit === Infinity) return gradient;
    return gradient.mul(minimum(reciprocal(norm(gradient).add(1e-6)).mul(limit), 1).cast(gradient.dtype));
  }) as Clipped<List>;
}

function exponentOf(operation: string, options: ClipByNormOptions): number {
  requireOptions(operation, options, clipByNormOptions);
  const { p = 2 } = options;
  if (p <= 0) throw new ArgumentError(`${operation}: p is ${p}, expected a positive number or Infinity`);
  return p;
}

/** The norm of the elements of all tensors; its gradient is 0 where all are 0. */
export function normOf(tensors: readonly Tensor[], p: number): Tensor {
  const given = tensors.filter(({ size }) => size > 0);
  if (given.length === 0) return scalar(0, tensors[0]?.dtype ?? "float32");
  const sizes = given.map(abs);
  const largest = sizes.map((each) => max(each)).reduce(maximum);
  if (p === Infinity) return largest;
  // Divide by the largest element first: powers of the elements themselves may overflow.
  const scale = where(logicalOr(equal(largest, 0), equal(largest, Infinity)), 1, largest).detach();
  const powers = sizes.map((each) => powerSum(each.div(scale), p));
  const total = powers.reduce(add);
  const isZero = equal(total, 0);
  const root = p === 2 ? sqrt(where(isZero, 1, total)) : pow(where(isZero, 1, total), 1 / p);
  return where(isZero, 0, root).mul(scale);
}

/** `Σ xᵖ` of numbers that are at least 0. */
function powerSum(x: Tensor, p: number): Tensor {
  if (p === 2) return sum(square(x));
  const isZero = equal(x, 0);
  return sum(where(isZero, 0, pow(where(isZero, 1, x), p)));
}
