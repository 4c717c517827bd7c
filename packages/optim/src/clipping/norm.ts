import { abs, add, ArgumentError, max, maximum, minimum, pow, reciprocal, scalar, sqrt, square, sum, type Tensor } from "@nn/tensor";
import { requireLimit } from "./requirements.js";

/** Options of {@link clipByGlobalNorm} and {@link clipByNorm}. */
export interface ClipByNormOptions {
  /** Which norm: `(Σ |g|ᵖ)^(1/p)`, for `Infinity` the largest `|g|`. Default 2. */
  readonly p?: number | undefined;
}

/** Gradients of which some may be missing; the missing ones stay `undefined`. */
export type Clipped<G extends Tensor | undefined> = (Tensor | Extract<G, undefined>)[];

/**
 * Gradients scaled down together, so that the norm of all their elements is at most `limit` (Pascanu et al. 2013), and the norm
 * that they had: `g · min(1, limit / (norm + 1e-6))`; the limit `Infinity` leaves them as they are. PyTorch: `clip_grad_norm_`.
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
export function clipByGlobalNorm<G extends Tensor | undefined>(
  gradients: readonly G[], limit: number, options: ClipByNormOptions = {},
): { readonly gradients: Clipped<G>; readonly norm: Tensor } {
  requireLimit("clipByGlobalNorm", gradients, limit);
  const given = gradients.filter((gradient) => gradient !== undefined);
  const norm = normOf("clipByGlobalNorm", given, options);
  return { gradients: scaled(gradients, () => norm, limit), norm };
}

/**
 * Gradients each scaled down, so that its norm is at most `limit`.
 * @throws ArgumentError for a limit that is negative, or a `p` that is not positive.
 */
export function clipByNorm<G extends Tensor | undefined>(gradients: readonly G[], limit: number, options: ClipByNormOptions = {}): Clipped<G> {
  requireLimit("clipByNorm", gradients, limit);
  return scaled(gradients, (gradient) => normOf("clipByNorm", [gradient], options), limit);
}

function scaled<G extends Tensor | undefined>(gradients: readonly G[], norm: (gradient: Tensor) => Tensor, limit: number): Clipped<G> {
  return gradients.map((gradient) => {
    if (gradient === undefined) return gradient;
    return gradient.mul(minimum(reciprocal(norm(gradient).add(1e-6)).mul(limit), 1));
  }) as Clipped<G>;
}

/** The norm of the elements of all tensors. */
function normOf(operation: string, tensors: readonly Tensor[], { p = 2 }: ClipByNormOptions): Tensor {
  if (!(p > 0)) throw new ArgumentError(`${operation}: p is ${p}, expected a positive number or Infinity`);
  const total = (parts: readonly Tensor[], join: (a: Tensor, b: Tensor) => Tensor): Tensor =>
    parts.length === 0 ? scalar(0, "float32") : parts.reduce(join);
  if (p === Infinity) return total(tensors.filter(({ size }) => size > 0).map((tensor) => max(abs(tensor))), maximum);
  if (p === 2) return sqrt(total(tensors.map((tensor) => sum(square(tensor))), add));
  return pow(total(tensors.map((tensor) => sum(pow(abs(tensor), p))), add), 1 / p);
}
