import { cholesky, solveTriangular } from "@nn/linalg";
import { Tensor } from "@nn/tensor";
import { covariances, weightedScaleGradient, type Hyperparameters } from "./matern.js";
import { minimize } from "./minimize.js";

type Rows = readonly (readonly number[])[];

/** The posterior distribution at one point. */
export interface Posterior {
  readonly mean: number;
  /** The variance of the function itself, without the noise of observations. */
  readonly variance: number;
}

/** Added to the diagonal to keep the covariance matrix positive-definite in float64. */
const jitter = 1e-9;

/**
 * A Gaussian process with mean 0 and a Matérn kernel, given values at some points (Rasmussen and Williams 2006, algorithm 2.1): at x its mean is
 * `k(x)ᵀ K⁻¹ y` and its variance `k(x, x) − k(x)ᵀ K⁻¹ k(x)`, where K holds the covariances of the points and, on the diagonal, the noise.
 */
export class GaussianProcess {
  readonly #rows: Rows;
  readonly #hyperparameters: Hyperparameters;
  readonly #factor: Tensor;
  /** `L⁻¹ y`. */
  readonly #solved: Tensor;
  /** `K⁻¹ y`. */
  readonly #weights: ArrayLike<number>;

  constructor(rows: Rows, values: readonly number[], hyperparameters: Hyperparameters) {
    this.#rows = rows;
    this.#hyperparameters = hyperparameters;
    this.#factor = cholesky(covarianceMatrix(rows, hyperparameters));
    this.#solved = solveTriangular(this.#factor, column(values));
    this.#weights = solveTriangular(this.#factor.transpose(), this.#solved, { upper: true }).toTypedArray();
  }

  /** The posterior at each point. */
  posterior(points: Rows): Posterior[] {
    const [n, m] = [this.#rows.length, points.length];
    if (m === 0) return [];
    const covariance = new Tensor([n, m], "float64", covariances(this.#rows, points, this.#hyperparameters));
    const explained = solveTriangular(this.#factor, covariance).square().sum(0).toTypedArray();
    const means = covariance.transpose().matmul(column(Array.from(this.#weights))).toTypedArray();
    const prior = Math.exp(this.#hyperparameters.logVariance);
    return points.map((_, at) => ({ mean: means[at] ?? 0, variance: Math.max(prior - (explained[at] ?? 0), 1e-12 * prior) }));
  }

  /** `log p(y) = −½ yᵀ K⁻¹ y − ½ log |K| − n/2 log 2π`. */
  logMarginalLikelihood(): number {
    const n = this.#rows.length;
    const diagonal = this.#factor.toTypedArray();
    let logDeterminant = 0;
    for (let at = 0; at < n; at++) logDeterminant += 2 * Math.log(diagonal[at * n + at] ?? 1);
    return -0.5 * this.#solved.square().sum().item() - 0.5 * logDeterminant - 0.5 * n * Math.log(2 * Math.PI);
  }

  /** The gradient of the log marginal likelihood with respect to the logarithms of the length scales, the variance and the noise. */
  likelihoodGradient(): number[] {
    const n = this.#rows.length;
    const inverseFactor = solveTriangular(this.#factor, identity(n));
    const inverse = inverseFactor.transpose().matmul(inverseFactor).toTypedArray();
    // ½ tr((α αᵀ − K⁻¹) ∂K), where α = K⁻¹ y: Rasmussen and Williams 2006, equation 5.9.
    const weights = Float64Array.from({ length: n * n }, (_, at) => 0.5 * ((this.#weights[Math.floor(at / n)] ?? 0) * (this.#weights[at % n] ?? 0) - (inverse[at] ?? 0)));
    const byVariance = covariances(this.#rows, this.#rows, this.#hyperparameters).reduce((sum, covariance, at) => sum + (weights[at] ?? 0) * covariance, 0);
    let trace = 0;
    for (let at = 0; at < n; at++) trace += weights[at * n + at] ?? 0;
    return [...weightedScaleGradient(this.#rows, weights, this.#hyperparameters), byVariance, trace * Math.exp(this.#hyperparameters.logNoise)];
  }
}

function covarianceMatrix(rows: Rows, hyperparameters: Hyperparameters): Tensor {
  const n = rows.length;
  const matrix = covariances(rows, rows, hyperparameters);
  const diagonal = Math.exp(hyperparameters.logNoise) + jitter * Math.exp(hyperparameters.logVariance);
  for (let at = 0; at < n; at++) matrix[at * n + at] = (matrix[at * n + at] ?? 0) + diagonal;
  return new Tensor([n, n], "float64", matrix);
}

function column(values: readonly number[]): Tensor {
  return new Tensor([values.length, 1], "float64", Float64Array.from(values));
}

function identity(n: number): Tensor {
  const matrix = new Float64Array(n * n);
  for (let at = 0; at < n; at++) matrix[at * n + at] = 1;
  return new Tensor([n, n], "float64", matrix);
}

/**
 * The normal distributions of the logarithms in {@link fitGaussianProcess}: their means and standard deviations. They are wide, and made for values of
 * variance 1 in a unit cube: they matter only if there are few values.
 */
const priors = { logScale: [Math.log(0.5), 1], logVariance: [0, 1], logNoise: [Math.log(1e-4), 2] } as const;

/** Within these bounds of the logarithms the covariance matrix can be factorised. */
const bounds = { low: -12, high: 5 } as const;

/**
 * A Gaussian process whose hyperparameters maximize the marginal likelihood of the values, times wide priors (MacKay 1999: maximum a
 * posteriori), by L-BFGS from the modes of the priors and from `starts` others.
 */
export function fitGaussianProcess(rows: Rows, values: readonly number[], starts: readonly Hyperparameters[] = []): { readonly process: GaussianProcess; readonly hyperparameters: Hyperparameters } {
  const features = rows[0]?.length ?? 0;
  const objective = (vector: readonly number[]): { value: number; gradient: number[] } => {
    const process = new GaussianProcess(rows, values, fromVector(vector));
    const gradient = process.likelihoodGradient();
    let value = -process.logMarginalLikelihood();
    const penalised = vector.map((at, index) => {
      const [mean, deviation] = priorOf(index, features);
      value += 0.5 * ((at - mean) / deviation) ** 2;
      return -(gradient[index] ?? 0) + (at - mean) / deviation ** 2;
    });
    return { value, gradient: penalised };
  };
  const modes = Array.from({ length: features + 2 }, (_, index) => priorOf(index, features)[0]);
  const found = [modes, ...starts.map(toVector)].map((start) => minimize(objective, start, { ...bounds, iterations: 60 }));
  const best = found.reduce((a, b) => (b.value < a.value ? b : a));
  const hyperparameters = fromVector(best.at);
  return { process: new GaussianProcess(rows, values, hyperparameters), hyperparameters };
}

function priorOf(index: number, features: number): readonly [mean: number, deviation: number] {
  return index < features ? priors.logScale : index === features ? priors.logVariance : priors.logNoise;
}

function toVector({ logScales, logVariance, logNoise }: Hyperparameters): number[] {
  return [...logScales, logVariance, logNoise];
}

function fromVector(vector: readonly number[]): Hyperparameters {
  return { logScales: vector.slice(0, -2), logVariance: vector.at(-2) ?? 0, logNoise: vector.at(-1) ?? 0 };
}
