import { ArgumentError, transpose, type Tensor } from "@nn/tensor";
import { ordinal, read } from "./matrices.js";

/** The symmetric part, in float64, of a matrix that is symmetric up to rounding. Throws for others. */
export function symmetric(operation: string, x: Tensor): Tensor {
  const tolerance = x.dtype === "float32" ? 1e-5 : 1e-10;
  const { list, batch, rows: n } = read(operation, x);
  for (const [at, matrix] of list.entries()) {
    const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const [below, above] = [matrix[i * n + j] as number, matrix[j * n + i] as number];
        if (Math.abs(below - above) <= tolerance * largest) continue;
        throw new ArgumentError(`${operation}: ${ordinal(batch, at)} is not symmetric: element [${i}, ${j}] is ${below} and [${j}, ${i}] is ${above}; take x.add(x.transpose()).mul(0.5)`);
      }
    }
  }
  const exact = x.cast("float64");
  return exact.add(transpose(exact)).mul(0.5);
}
