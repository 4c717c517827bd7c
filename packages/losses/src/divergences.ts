import { ArgumentError, equal, exp, expm1, log, minimum, ShapeError, square, sum, where, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { within } from "./elements.js";
import { requireAlike, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds, type Reduction } from "./reduction.js";

/** Options of {@link klDivergence}. */
export interface KlDivergenceOptions {
  /** Whether the target holds log-probabilities too; default false. */
  readonly logTarget?: boolean | undefined;
  /** `"batchMean"` divides the sum by the length of the first axis: the mean divergence of a sample. Default `"mean"`. */
  readonly reduction?: Reduction | "batchMean" | undefined;
}

const klDivergenceOptions: OptionKinds<KlDivergenceOptions> = { logTarget: "boolean", reduction: ["mean", "sum", "none", "batchMean"] };

/**
 * Kullback-Leibler divergence of log-probabilities x from a target distribution t: `t (log t − x)` for each element, and 0 where
 * `t = 0` for any x. PyTorch: `KLDivLoss`, which is NaN for `t = 0` and `x = −∞`.
 *
 * The divergence of a distribution is the sum over its classes, so `"batchMean"` gives the mathematical value. The default is the
 * mean over all elements, as in PyTorch.
 *
 * Shapes: log-probabilities and target have the same shape.
 *
 * @example
 * ```ts
 * import { logSoftmax, tensor } from "@nn/tensor";
 * import { klDivergence } from "@nn/losses";
 * const teacher = tensor([[0.5, 0.5, 0]]);
 * klDivergence(logSoftmax(tensor([[1, 1, -Infinity]])), teacher, { reduction: "batchMean" }).item().toFixed(4); // => "0.0000"
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative target.
 */
export function klDivergence(
  logProbabilities: Tensor, target: Tensor, options: KlDivergenceOptions = {},
): Tensor {
  requireOptions("klDivergence", options, klDivergenceOptions);
  requirePair("klDivergence", logProbabilities, target);
  const { logTarget = false, reduction } = options;
  const probabilities = logTarget ? exp(target) : within("klDivergence", target, "target", 0);
  // Elements with t = 0 are replaced, so that 0 · ∞ occurs neither here nor in the gradient.
  const never = equal(probabilities, 0);
  const logTargets = logTarget ? where(never, 0, target) : log(where(never, 1, probabilities));
  const losses = probabilities.mul(logTargets.sub(where(never, 0, logProbabilities)));
  if (reduction === "batchMean") return sum(losses).div(losses.shape[0] ?? 1);
  return reduceLosses(losses, reduction);
}

/** A normal distribution with independent components, given by their means and the logarithms of their variances. */
export interface DiagonalGaussian {
  /** `[…, D]`: μ. */
  readonly mean: Tensor;
  /** `[…, D]`: log σ². */
  readonly logVariance: Tensor;
}

/** Options of {@link gaussianKlDivergence}. */
export interface GaussianKlDivergenceOptions extends LossOptions {
  /** The distribution N(μ₀, σ₀²) to compare with. Default: the standard normal distribution. */
  readonly prior?: DiagonalGaussian | undefined;
}

const gaussianKlOptions: OwnKinds<GaussianKlDivergenceOptions> = { prior: "any" };

/**
 * Kullback-Leibler divergence of normal distributions, `KL(N(μ, σ²) ‖ N(μ₀, σ₀²))`:
 * `½ Σ (σ²/σ₀² − 1 − log(σ²/σ₀²) + (μ − μ₀)²/σ₀²)`, for the standard normal prior `½ Σ (σ² − 1 − log σ² + μ²)`. It is the term of the
 * evidence lower bound that keeps the latent variables of a variational autoencoder close to the prior (Kingma and Welling 2014).
 * PyTorch: `distributions.kl_divergence`.
 *
 * Shapes: means and logarithms of variances `[…, D]`; losses `[…]`, each the sum over the D components.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { gaussianKlDivergence } from "@nn/losses";
 * gaussianKlDivergence({ mean: tensor([[0, 2]]), logVariance: tensor([[0, 0]]) }).item(); // => 2
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function gaussianKlDivergence(posterior: DiagonalGaussian, options: GaussianKlDivergenceOptions = {}): Tensor {
  requireLossOptions("gaussianKlDivergence", options, gaussianKlOptions);
  const { prior, reduction } = options;
  requireGaussian("the distribution", posterior);
  if (prior !== undefined) requireGaussian("prior", prior);
  const { mean, logVariance } = posterior;
  const others = prior === undefined ? {} : { "prior.mean": prior.mean, "prior.logVariance": prior.logVariance };
  requireAlike("gaussianKlDivergence", { mean, logVariance, ...others });
  if (mean.rank === 0) throw new ShapeError(`gaussianKlDivergence: mean is ${formatShape(mean.shape)}, expected [..., D]`);
  const logRatio = prior === undefined ? logVariance : logVariance.sub(prior.logVariance);
  const distance = prior === undefined ? square(mean) : square(mean.sub(prior.mean).mul(exp(prior.logVariance.mul(-0.5))));
  return reduceLosses(sum(expm1(logRatio).sub(minimum(logRatio, enough)).add(distance), -1).mul(0.5), reduction);
}

/** Upper bound of the logarithms. The exponential of a larger one would be infinite, and ∞ − ∞ is NaN. */
const enough = 1e30;

const parts: OptionKinds<DiagonalGaussian> = { mean: "tensor", logVariance: "tensor" };

function requireGaussian(what: string, given: DiagonalGaussian): void {
  if (typeof given !== "object" || given === null) throw new ArgumentError(`gaussianKlDivergence: ${what} is ${describeValue(given)}, expected { mean, logVariance }`);
  requireOptions("gaussianKlDivergence", given, parts);
}
