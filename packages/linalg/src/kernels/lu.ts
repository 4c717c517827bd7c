/** The factors of a square matrix, `P A = L U`. One array holds both; the ones on the diagonal of L are not stored. */
export interface Factors {
  readonly lu: Float64Array;
  /** Row `i` was swapped with row `pivots[i]`. */
  readonly pivots: Int32Array;
  /** The sign of the permutation. */
  readonly sign: number;
  /** The first column whose pivot vanishes to working precision; −1 if there is none. */
  readonly singularAt: number;
}

/** Gaussian elimination with partial pivoting (Golub and Van Loan 2013, algorithm 3.4.1). */
export function factorize(matrix: Float64Array, n: number): Factors {
  const lu = matrix.slice();
  const pivots = new Int32Array(n);
  const smallest = columnSizes(lu, n).map((size) => size * n * Number.EPSILON);
  let [sign, singularAt] = [1, -1];
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(lu, i * n + k)) > Math.abs(at(lu, pivot * n + k))) pivot = i;
    pivots[k] = pivot;
    if (pivot !== k) {
      sign = -sign;
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[pivot * n + j]] = [at(lu, pivot * n + j), at(lu, k * n + j)];
    }
    const divisor = at(lu, k * n + k);
    if (singularAt < 0 && Math.abs(divisor) <= at(smallest, k)) singularAt = k;
    if (divisor === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = (lu[i * n + k] = at(lu, i * n + k) / divisor);
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) lu[i * n + j] = at(lu, i * n + j) - factor * at(lu, k * n + j);
    }
  }
  return { lu, pivots, sign, singularAt };
}

function columnSizes(matrix: Float64Array, n: number): Float64Array {
  const sizes = new Float64Array(n);
  for (let at = 0; at < matrix.length; at++) sizes[at % n] = Math.max(sizes[at % n] as number, Math.abs(matrix[at] as number));
  return sizes;
}

/** Solves `A X = B` in place for the `count` columns of B. */
export function solveFactored({ lu, pivots }: Factors, n: number, b: Float64Array, count: number): void {
  for (let k = 0; k < n; k++) {
    const pivot = pivots[k] as number;
    if (pivot !== k) for (let j = 0; j < count; j++) [b[k * count + j], b[pivot * count + j]] = [at(b, pivot * count + j), at(b, k * count + j)];
  }
  substitute(lu, n, b, count, { upper: false, unit: true });
  substitute(lu, n, b, count, { upper: true, unit: false });
}

/** Solves `T X = B` in place, where T is the upper or lower triangle of a square matrix, with ones on its diagonal if it is `unit`. */
export function substitute(
  triangle: Float64Array, n: number, b: Float64Array, count: number, { upper, unit }: { readonly upper: boolean; readonly unit: boolean },
): void {
  for (let step = 0; step < n; step++) {
    const i = upper ? n - 1 - step : step;
    const [from, to] = upper ? [i + 1, n] : [0, i];
    for (let k = from; k < to; k++) {
      const factor = at(triangle, i * n + k);
      if (factor === 0) continue;
      for (let j = 0; j < count; j++) b[i * count + j] = at(b, i * count + j) - factor * at(b, k * count + j);
    }
    if (unit) continue;
    const divisor = at(triangle, i * n + i);
    for (let j = 0; j < count; j++) b[i * count + j] = at(b, i * count + j) / divisor;
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
