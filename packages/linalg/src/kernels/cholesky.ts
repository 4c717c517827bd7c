/**
 * The lower triangle L of `A = L Lᵀ` (Golub and Van Loan 2013, section 4.2.5), or the size of the first leading block that is not
 * positive-definite.
 */
export function choleskyFactor(matrix: Float64Array, n: number): Float64Array | number {
  const factor = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[i * n + k] as number) * (factor[j * n + k] as number);
      if (i > j) factor[i * n + j] = sum / (factor[j * n + j] as number);
      else if (sum > 0) factor[j * n + j] = Math.sqrt(sum);
      else return j + 1;
    }
  }
  return factor;
}
