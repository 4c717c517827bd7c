import { select } from "../../../assembler/expression.js";
import { f64 } from "../../../assembler/operators.js";
import type { MathCode, UnaryCode } from "../code.js";
import { type Double, polynomial, upperHalf } from "./arithmetic.js";
import { expOfSum } from "./exponential.js";
import { log } from "./logarithm.js";

/** `erf(x) / x` in x², for x ≤ 1, to 2⁻⁵⁶. */
const near = [
  1.1283791670955126, -0.3761263890318331, 0.11283791670933963, -0.02686617064116885, 0.0052239775871038945,
  -0.0008548324833799562, 0.00012055253639771553, -1.4923755348155713e-5, 1.6431853881371219e-6,
  -1.6045374455666662e-7, 1.2636729454558647e-8, -3.6631527393612194e-10, -6.896664245026868e-11,
];

/**
 * `(1 + 2x) e^x² erfc(x)` in q = (x − 4) / (x + 4), for x in 0.4 … 28, to 2⁻⁵⁴: the substitution of M. M. Shepherd and
 * J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", Mathematics of Computation 36 (1981).
 */
const tail = [
  1.2329951186255526, -0.1396211168405625, 0.015379652102620005, 0.06809705425469167, -0.10103906603632228,
  0.09373283499839072, -0.06633036581173439, 0.03716751553674908, -0.016197734064543678, 0.005031969984754309,
  -0.0007577732333436998, -0.00019925672884682778, 0.0001506213940313028, -2.4399122807386325e-5,
  -1.1221113278266807e-5, 5.709642518056917e-6, 2.9191109643454323e-7, -8.255792675920178e-7, 7.706457475771123e-8,
  1.1061709259624622e-7, -1.9678461116578138e-8, -1.474520870440564e-8, 2.3914774808783823e-9, 1.534065177906466e-9,
];

/** `erf⁻¹(x) / x` in w − 3.125, for w = −log(1 − x²) ≤ 6.25, to 2⁻⁵³ (M. Giles, "Approximating the erfinv function", 2012). */
const inverseNear = [
  1.6536545626831027, 0.24015818242558837, -0.006033670871427755, -0.000740702534154796, 0.00018673420802425825,
  -1.388252339353977e-5, -1.3654691844354968e-6, 4.2347881629760314e-7, -2.907038277600774e-8, -4.11266007218661e-9,
  1.0512183996712215e-9, -5.4143187574128593e-11, -1.2976958850244352e-11, 2.6305688749397947e-12,
  -8.11699447682563e-14, -4.0027506711374855e-14, 6.594678737658089e-15, -3.8536479376869223e-17,
  -1.300371867248806e-16, 1.5447957674365896e-17, 1.1443200452151711e-18, -3.4475047504734323e-19,
  -1.0072019849236531e-21, 3.1473671979136138e-21,
];

/** The same in q = (s − 3.875) / (s + 3.875) for s = √w in 2.5 … 6.01, to 2⁻⁵¹ absolute. */
const inverseTail = [
  3.713618605303242, 7.820795435930876, 7.9179968427568905, 7.526265766878176, 8.125581100514381, 6.36921436319558,
  14.43837241034287, -15.232001168810129, 40.91138781775675, 121.31188270398731, -693.5201742653402, 893.567093752137,
  4023.5503105711523, -14968.726575585539, -6518.458497862031, 115220.52718852475, -73359.16438165178,
  -664589.6522862767, 781955.6482215617, 3292539.1632336606, -4529534.882589974, -13098047.836152684,
  17565816.807036575, 29300116.510305833, -36057944.75036233,
];

const nearLimit = 0.75;

/** (x − shift) / (x + shift) */
function moebius(x: Double, shift: number): Double {
  return f64.div(f64.sub(x, shift), f64.add(x, shift));
}

const nearZero = (b: MathCode, x: Double): Double => f64.mul(x, polynomial(b, b.let(f64.mul(x, x)), near));

/** erfc of x in 0.4 … ∞, or NaN. */
function upperTail(b: MathCode, x: Double): Double {
  const input = b.let(f64.min(x, 28));
  const value = polynomial(b, b.let(moebius(input, 4)), tail);
  // x² in two parts, the first exact, so that the exponential does not magnify the rounding of x².
  const rough = b.let(upperHalf(input));
  const rest = f64.mul(f64.sub(rough, input), f64.add(rough, input));
  const factor = f64.div(value, f64.add(f64.add(input, input), 1));
  return expOfSum(b, f64.neg(f64.mul(rough, rough)), rest, factor);
}

/** The error function 2/√π ∫₀ˣ exp(−t²) dt, within 2 ulp. */
export const erf: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  const size = b.let(f64.abs(input));
  const result = b.local("f64");
  b.if(
    f64.lt(size, nearLimit),
    () => b.set(result, nearZero(b, input)),
    () => b.set(result, f64.copysign(f64.sub(1, upperTail(b, size)), input)),
  );
  return result;
};

/** 1 − erf(x) with full relative accuracy where it is small, within 3.5 ulp. */
export const erfc: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  const size = b.let(f64.abs(input));
  const result = b.local("f64");
  b.if(
    f64.lt(size, 0.45),
    () => b.set(result, f64.sub(1, nearZero(b, input))),
    () => {
      const value = b.let(upperTail(b, size));
      b.set(result, select(f64.lt(input, 0), f64.sub(2, value), value));
    },
  );
  return result;
};

/** The x with erf(x) = y, within 3.5 ulp: ±∞ at ±1, NaN outside. */
export const erfInv: UnaryCode<"f64"> = (b, y) => {
  const input = b.let(y);
  const size = b.let(f64.abs(input));
  const w = b.let(f64.neg(log(b, f64.mul(f64.sub(1, size), f64.add(1, size)))));
  const slope = b.local("f64");
  b.if(
    f64.lt(w, 6.25),
    () => b.set(slope, polynomial(b, b.let(f64.sub(w, 3.125)), inverseNear)),
    () => b.set(slope, polynomial(b, b.let(moebius(b.let(f64.sqrt(w)), 3.875)), inverseTail)),
  );
  return f64.mul(input, select(f64.eq(size, 1), f64.const(Infinity), slope));
};
