import { norm } from "./norm.js";

/** Eigenvalues in ascending order, and the eigenvectors as columns. */
export interface EigenSystem {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** The most sweeps over a matrix. It converges in 6 to 12. */
const mostSweeps = 60;

/** The eigenvalues and eigenvectors of a symmetric matrix, by rotations (Jacobi 1846; Golub and Van Loan 2013, section 8.5). */
export function symmetricEigen(matrix: Float64Array, n: number): EigenSystem {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const negligible = Number.EPSILON * 0.1 * norm(a);
  for (let sweep = 0, isDone = false; sweep < mostSweeps && !isDone; sweep++) {
    isDone = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p * n + q] as number) <= negligible) continue;
        isDone = false;
        annihilate(a, vectors, n, p, q);
      }
    }
  }
  return sorted(Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors, n);
}

/** Makes the element at `[p, q]` 0 by a rotation of both axes. */
function annihilate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * (a[p * n + q] as number));
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  rotate(a, n, cosine, sine, (k) => [k * n + p, k * n + q]);
  rotate(a, n, cosine, sine, (k) => [p * n + k, q * n + k]);
  rotate(vectors, n, cosine, sine, (k) => [k * n + p, k * n + q]);
  a[p * n + q] = a[q * n + p] = 0;
}

/** Rotates `n` pairs of elements by an angle. */
export function rotate(values: Float64Array, n: number, cosine: number, sine: number, pair: (k: number) => readonly [number, number]): void {
  for (let k = 0; k < n; k++) {
    const [first, second] = pair(k);
    const [x, y] = [values[first] as number, values[second] as number];
    values[first] = cosine * x - sine * y;
    values[second] = sine * x + cosine * y;
  }
}

function sorted(values: Float64Array, vectors: Float64Array, n: number): EigenSystem {
  const order = Array.from(values.keys()).toSorted((a, b) => (values[a] as number) - (values[b] as number));
  const columns = new Float64Array(n * n);
  for (const [to, from] of order.entries()) for (let row = 0; row < n; row++) columns[row * n + to] = vectors[row * n + from] as number;
  return { values: Float64Array.from(order, (from) => values[from] as number), vectors: columns };
}
