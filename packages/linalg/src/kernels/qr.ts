import { norm } from "./norm.js";

/** Orthonormal columns `q [m, k]` and an upper triangle `r [k, n]`, with `k = min(m, n)`. */
export interface OrthogonalFactors {
  readonly q: Float64Array;
  readonly r: Float64Array;
}

/** `A = Q R` by reflections (Householder 1958; Golub and Van Loan 2013, algorithm 5.2.1), with LAPACK's signs. */
export function orthogonalFactors(matrix: Float64Array, m: number, n: number): OrthogonalFactors {
  const work = matrix.slice();
  const k = Math.min(m, n);
  const reflections = Array.from({ length: k }, (_, column) => reflectColumn(work, m, n, column));
  const r = new Float64Array(k * n);
  for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = work[i * n + j] as number;
  const q = new Float64Array(m * k);
  for (let i = 0; i < k; i++) q[i * k + i] = 1;
  for (let column = k - 1; column >= 0; column--) reflect(q, k, 0, reflections[column] as Reflection, column);
  return { q, r };
}

/** `I − scale · v vᵀ`, where v begins at row `first`. */
interface Reflection {
  readonly v: Float64Array;
  readonly scale: number;
}

/** Finds the reflection that makes a column 0 below the diagonal, and applies it to this column and those after it. */
function reflectColumn(work: Float64Array, m: number, n: number, column: number): Reflection {
  const v = Float64Array.from({ length: m - column }, (_, row) => work[(column + row) * n + column] as number);
  const head = v[0] as number;
  const tail = norm(v.subarray(1));
  if (tail === 0) return { v, scale: 0 };
  const target = head > 0 ? -Math.hypot(head, tail) : Math.hypot(head, tail);
  v[0] = head - target;
  const reflection = { v, scale: -1 / (target * (head - target)) };
  reflect(work, n, column, reflection, column);
  for (let row = column + 1; row < m; row++) work[row * n + column] = 0;
  return reflection;
}

/** Applies a reflection from the left to the columns from `start` on of a matrix with `n` columns. */
function reflect(matrix: Float64Array, n: number, start: number, { v, scale }: Reflection, first: number): void {
  if (scale === 0) return;
  for (let j = start; j < n; j++) {
    let product = 0;
    for (let row = 0; row < v.length; row++) product += (v[row] as number) * (matrix[(first + row) * n + j] as number);
    product *= scale;
    for (let row = 0; row < v.length; row++) matrix[(first + row) * n + j] = (matrix[(first + row) * n + j] as number) - product * (v[row] as number);
  }
}
