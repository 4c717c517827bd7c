import { rotate } from "./eigen.js";
import { norm } from "./norm.js";

/** `A = U diag(s) Vᵀ`: orthonormal columns `u [m, k]` and `v [n, k]`, and singular values in descending order, with `k = min(m, n)`. */
export interface SingularSystem {
  readonly u: Float64Array;
  readonly s: Float64Array;
  readonly v: Float64Array;
}

const mostSweeps = 60;

/** The singular value decomposition, by rotations of the columns until they are orthogonal (Hestenes 1958; Golub and Van Loan 2013, section 8.6.3). */
export function singularValues(matrix: Float64Array, m: number, n: number): SingularSystem {
  if (m < n) {
    const { u, s, v } = singularValues(transposed(matrix, m, n), n, m);
    return { u: v, s, v: u };
  }
  // Scaled, so that squares neither overflow nor vanish.
  const scale = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const columns = matrix.map((value) => value / scale);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0, isDone = false; sweep < mostSweeps && !isDone; sweep++) {
    isDone = true;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (orthogonalize(columns, v, m, n, p, q)) isDone = false;
  }
  return ordered(columns, v, m, n, scale);
}

/** Rotates two columns so that they become orthogonal. Returns whether they were not. */
function orthogonalize(columns: Float64Array, v: Float64Array, m: number, n: number, p: number, q: number): boolean {
  let [alpha, beta, gamma] = [0, 0, 0];
  for (let row = 0; row < m; row++) {
    const [x, y] = [columns[row * n + p] as number, columns[row * n + q] as number];
    alpha += x * x;
    beta += y * y;
    gamma += x * y;
  }
  if (Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) return false;
  const theta = (beta - alpha) / (2 * gamma);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  rotate(columns, m, cosine, tangent * cosine, (k) => [k * n + p, k * n + q]);
  rotate(v, n, cosine, tangent * cosine, (k) => [k * n + p, k * n + q]);
  return true;
}

/** The lengths of the columns, which are the singular values, the largest first; and the columns scaled to length 1. */
function ordered(columns: Float64Array, v: Float64Array, m: number, n: number, scale: number): SingularSystem {
  const lengths = Array.from({ length: n }, (_, column) => norm(columnOf(columns, m, n, column)));
  const order = Array.from(lengths.keys()).toSorted((a, b) => (lengths[b] as number) - (lengths[a] as number));
  const u = new Float64Array(m * n);
  const right = new Float64Array(n * n);
  const smallest = Math.max(m, n) * Number.EPSILON * Math.max(0, ...lengths);
  for (const [to, from] of order.entries()) {
    for (let row = 0; row < n; row++) right[row * n + to] = v[row * n + from] as number;
    const length = lengths[from] as number;
    const column = length > smallest ? columnOf(columns, m, n, from).map((value) => value / length) : orthogonalTo(u, m, n, to);
    for (let row = 0; row < m; row++) u[row * n + to] = column[row] as number;
  }
  return { u, s: Float64Array.from(order, (from) => (lengths[from] as number) * scale), v: right };
}

function columnOf(matrix: Float64Array, m: number, n: number, column: number): Float64Array {
  return Float64Array.from({ length: m }, (_, row) => matrix[row * n + column] as number);
}

/** A column of length 1 that is orthogonal to the first `count` columns: the orthogonal part of the coordinate axis that they cover least. */
function orthogonalTo(u: Float64Array, m: number, n: number, count: number): Float64Array {
  let best = new Float64Array(m);
  let longest = 0;
  for (let axis = 0; axis < m; axis++) {
    const candidate = new Float64Array(m);
    candidate[axis] = 1;
    // Twice, because rounding errors of the first round leave a part that is not orthogonal.
    for (let round = 0; round < 2; round++) for (let column = 0; column < count; column++) removePart(candidate, columnOf(u, m, n, column));
    const length = norm(candidate);
    if (length > longest) [best, longest] = [candidate.map((value) => value / length), length];
    if (longest > 0.7) break;
  }
  return best;
}

function removePart(from: Float64Array, direction: Float64Array): void {
  const projection = from.reduce((sum, value, row) => sum + value * (direction[row] as number), 0);
  for (const [row, value] of direction.entries()) from[row] = (from[row] as number) - projection * value;
}

function transposed(matrix: Float64Array, m: number, n: number): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) result[j * m + i] = matrix[i * n + j] as number;
  return result;
}
