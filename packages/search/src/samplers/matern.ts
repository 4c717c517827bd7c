/** The hyperparameters of a Gaussian process, as logarithms, so that every number is allowed. */
export interface Hyperparameters {
  /** Logarithm of the length scale of each feature. */
  readonly logScales: readonly number[];
  /** Logarithm of the variance of the function. */
  readonly logVariance: number;
  /** Logarithm of the variance of the noise on each value. */
  readonly logNoise: number;
}

const root5 = Math.sqrt(5);

/** The Matérn 5/2 correlation at distance r: `(1 + √5 r + 5/3 r²) exp(−√5 r)` (Rasmussen and Williams 2006, equation 4.17). */
export function matern52(r: number): number {
  return (1 + root5 * r + (5 / 3) * r * r) * Math.exp(-root5 * r);
}

/** Points in one array, row by row, with each feature divided by its length scale. */
function scaledFeatures(rows: readonly (readonly number[])[], logScales: readonly number[]): Float64Array {
  const scales = logScales.map(Math.exp);
  const scaled = new Float64Array(rows.length * scales.length);
  let at = 0;
  for (const row of rows) for (let feature = 0; feature < scales.length; feature++) scaled[at++] = (row[feature] ?? 0) / (scales[feature] ?? 1);
  return scaled;
}

/** The distance of row i of `a` and row j of `b`, which have `width` features. */
function distance(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  let sum = 0;
  for (let feature = 0; feature < width; feature++) {
    const difference = (a[i * width + feature] ?? 0) - (b[j * width + feature] ?? 0);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** The covariances of points with points, row by row: the variance times {@link matern52} of their distance in length scales. */
export function covariances(rows: readonly (readonly number[])[], columns: readonly (readonly number[])[], { logScales, logVariance }: Hyperparameters): Float64Array {
  const [a, b, width, variance] = [scaledFeatures(rows, logScales), scaledFeatures(columns, logScales), logScales.length, Math.exp(logVariance)];
  const matrix = new Float64Array(rows.length * columns.length);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < columns.length; j++) matrix[i * columns.length + j] = variance * matern52(distance(a, i, b, j, width));
  }
  return matrix;
}

/**
 * `Σᵢⱼ wᵢⱼ ∂kᵢⱼ` by the logarithm of each length scale, for symmetric weights, where `∂k/∂log ℓ_d = 5/3 σ² (1 + √5 r) exp(−√5 r) δ_d²/ℓ_d²` and δ_d is the
 * difference of two points in feature d.
 */
export function weightedScaleGradient(rows: readonly (readonly number[])[], weights: Float64Array, { logScales, logVariance }: Hyperparameters): number[] {
  const [points, width, n] = [scaledFeatures(rows, logScales), logScales.length, rows.length];
  const factor = (5 / 3) * Math.exp(logVariance);
  const gradient = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const r = distance(points, i, points, j, width);
      const weight = 2 * (weights[i * n + j] ?? 0) * factor * (1 + root5 * r) * Math.exp(-root5 * r);
      for (let feature = 0; feature < width; feature++) {
        const difference = (points[i * width + feature] ?? 0) - (points[j * width + feature] ?? 0);
        gradient[feature] = (gradient[feature] ?? 0) + weight * difference * difference;
      }
    }
  }
  return [...gradient];
}
