import { concat, eye, logSumExp, matmul, normalize, ShapeError, sum, transpose, where, type Tensor } from "@nn/tensor";
import { formatShape } from "@nn/tensor/extend";
import { requireAlike } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link ntXent}. */
export interface NtXentOptions extends LossOptions {
  /** Divisor of the similarities. A lower temperature gives the most similar other views more weight. Default 0.5. */
  readonly temperature?: number | undefined;
}

const ntXentOptions: OwnKinds<NtXentOptions> = { temperature: "positive" };

/**
 * Contrastive loss of SimCLR (NT-Xent; Chen et al. 2020): the cross-entropy of identifying, for each of the 2N views zᵢ, the
 * other view zⱼ of the same sample, from similarities with a temperature τ:
 * `−log(exp(cos(zᵢ, zⱼ)/τ) / Σ_{k ≠ i} exp(cos(zᵢ, z_k)/τ))`. Not in PyTorch.
 *
 * Shapes: the first and the second views of N samples, `[N, D]` each; losses `[2N]`, first those of the first views.
 *
 * @example
 * ```ts
 * import { eye } from "@nn/tensor";
 * import { ntXent } from "@nn/losses";
 * const views = eye(4);
 * ntXent(views, views, { temperature: 0.05 }).item() < 1e-6; // => true
 * ntXent(views, views.flip(0), { temperature: 0.05 }).item() > 10; // => true
 * ```
 * @throws ShapeError, DTypeError unless both are matrices of one shape and dtype; ArgumentError unless the temperature is positive.
 */
export function ntXent(first: Tensor, second: Tensor, options: NtXentOptions = {}): Tensor {
  requireLossOptions("ntXent", options, ntXentOptions);
  const { temperature = 0.5, reduction } = options;
  requireAlike("ntXent", { first, second });
  if (first.rank !== 2) throw new ShapeError(`ntXent: views are ${formatShape(first.shape)}, expected [N, D]`);
  const [a, b] = [normalize(first), normalize(second)];
  const views = concat([a, b]);
  const count = views.shape[0] ?? 0;
  const similarities = matmul(views, transpose(views)).div(temperature);
  const others = where(eye(count, count, { dtype: "bool" }), -Infinity, similarities);
  const matching = sum(a.mul(b), 1).div(temperature);
  return reduceLosses(logSumExp(others, 1).sub(concat([matching, matching])), reduction);
}
