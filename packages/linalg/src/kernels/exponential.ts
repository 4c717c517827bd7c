import { factorize, solveFactored } from "./lu.js";

/** Coefficients of the numerator of the Padé approximant of order 13, the constant first; the denominator has alternating signs. */
const pade = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640, 1323241920,
  40840800, 960960, 16380, 182, 1,
] as const;

/** The norm up to which the approximant is exact to the last digits of float64. */
const farthest = 5.371920351148152;

/** `e^A` by scaling and squaring (Higham 2005). */
export function exponential(matrix: Float64Array, n: number): Float64Array {
  const norm = Math.max(0, ...Array.from({ length: n }, (_, j) => Array.from({ length: n }, (__, i) => Math.abs(matrix[i * n + j] as number)).reduce((a, b) => a + b, 0)));
  const squarings = norm > farthest ? Math.ceil(Math.log2(norm / farthest)) : 0;
  const scaled = matrix.map((value) => value / 2 ** squarings);
  const square = product(scaled, scaled, n);
  // Powers of A². The odd coefficients belong to the part that is multiplied by A, the even ones to the rest.
  let power = identity(n);
  const [odd, even] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let at = 0; at < pade.length; at += 2) {
    for (let index = 0; index < n * n; index++) {
      even[index] = (even[index] as number) + (pade[at] as number) * (power[index] as number);
      odd[index] = (odd[index] as number) + (pade[at + 1] as number) * (power[index] as number);
    }
    power = product(power, square, n);
  }
  const oddPart = product(scaled, odd, n);
  let result: Float64Array = even.map((value, index) => value + (oddPart[index] as number));
  solveFactored(factorize(even.map((value, index) => value - (oddPart[index] as number)), n), n, result, n);
  for (let time = 0; time < squarings; time++) result = product(result, result, n);
  return result;
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k] as number;
      for (let j = 0; j < n; j++) result[i * n + j] = (result[i * n + j] as number) + factor * (b[k * n + j] as number);
    }
  }
  return result;
}
