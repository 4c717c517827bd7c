import { polynomial } from "./polynomial.js";

/**
 * The rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function",
 * Mathematics of Computation 23 (1969), with the coefficients of his program CALERF, the lowest power first.
 */
const middle = {
  numerator: [
    1.23033935479799725e3, 2.05107837782607147e3, 1.71204761263407058e3, 8.8195222124176909e2, 2.98635138197400131e2,
    6.61191906371416295e1, 8.88314979438837594, 5.64188496988670089e-1, 2.15311535474403846e-8,
  ],
  denominator: [
    1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3, 3.29079923573345963e3, 1.62138957456669019e3,
    5.37181101862009858e2, 1.17693950891312499e2, 1.57449261107098347e1, 1,
  ],
};
/** Coefficients of the powers of 1/x². */
const farOut = {
  numerator: [6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1, 3.05326634961232344e-1, 1.63153871373020978e-2],
  denominator: [2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725, 2.56852019228982242, 1],
};

const nearLimit = 0.5;
const middleLimit = 4;
/** For larger numbers, erfc is less than half the smallest float64. */
const vanishes = 27.3;
const inverseSqrtPi = 0.5641895835477563;

/**
 * Maclaurin coefficients of `erf(x) / x − 1` in powers of x²: `2/√π (−1)ⁿ / (n! (2n + 1))`, with 1 subtracted from the first. Thirteen terms
 * are exact to float64 up to x = 0.5. Subtracting 1 keeps their rounding errors small.
 */
const nearZero = /* @__PURE__ */ Array.from({ length: 13 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= -i;
  return n === 0 ? 0.1283791670955126 : (-2 * inverseSqrtPi) / (factorial * (2 * n + 1));
});

function ratio({ numerator, denominator }: typeof middle, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

/** erfc of x > 0.5. */
function upperTail(x: number): number {
  if (x > vanishes) return 0;
  let scaled;
  if (x <= middleLimit) {
    scaled = ratio(middle, x);
  } else {
    const inverseSquare = 1 / (x * x);
    scaled = (inverseSqrtPi - inverseSquare * ratio(farOut, inverseSquare)) / x;
  }
  // x² is split into two parts, the first of them exact, so that the exponential does not magnify the rounding error of x².
  const rough = Math.fround(x);
  return Math.exp(-rough * rough) * Math.exp((rough - x) * (rough + x)) * scaled;
}

/** The error function `2/√π ∫₀ˣ exp(−t²) dt`. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude > nearLimit)) return x + x * polynomial(nearZero, x * x);
  const value = 1 - upperTail(magnitude);
  return x < 0 ? -value : value;
}

/** The complement `1 − erf(x)`, with full relative accuracy where it is small. */
export function erfc(x: number): number {
  if (!(Math.abs(x) > nearLimit)) return 1 - (x + x * polynomial(nearZero, x * x));
  return x < 0 ? 2 - upperTail(-x) : upperTail(x);
}
