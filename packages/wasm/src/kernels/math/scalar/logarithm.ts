import { type Expr, select } from "../../../assembler/expression.js";
import { f64, i32, i64 } from "../../../assembler/operators.js";
import type { MathCode, UnaryCode } from "../code.js";
import { type Double, polynomial } from "./arithmetic.js";
import { ln2 } from "./exponential.js";

/** `(2 atanh(s) − 2s) / s³` in s², for s ≤ (√2 − 1) / (√2 + 1), to 2⁻⁶¹. */
const atanhRest = [
  0.6666666666666666, 0.400000000000055, 0.28571428569047536, 0.22222222684694282, 0.18181770638821212,
  0.15387378783937636, 0.13242412092912043, 0.13330109705361678,
];

/** `x = 2ᵏ m` with m in √½ … √2; x is positive and finite. */
export function binaryParts(b: MathCode, x: Double): { readonly k: Double; readonly m: Double } {
  const input = b.let(x);
  const isTiny = b.let(f64.lt(input, 2 ** -1022));
  const bits = b.let(i64.reinterpret_f64(select(isTiny, f64.mul(input, 2 ** 54), input)));
  // The bits of √½ make the exponent step there and not at a power of two.
  const exponent = b.let(i64.shr_s(i64.sub(bits, 0x3fe6a09e_667f3bcdn), 52n));
  const k = f64.sub(f64.convert_i64_s(exponent), select(isTiny, f64.const(54), 0));
  return { k: b.let(k), m: b.let(f64.reinterpret_i64(i64.sub(bits, i64.shl(exponent, 52n)))) };
}

/** log x + correction for a positive x, infinity too; `correction` is much smaller than 1. */
function logOfPositive(b: MathCode, x: Double, correction: Double | undefined): Double {
  const { k, m } = binaryParts(b, x);
  const f = b.let(f64.sub(m, 1));
  const s = b.let(f64.div(f, f64.add(f, 2)));
  const z = b.let(f64.mul(s, s));
  const halfSquare = b.let(f64.mul(f64.mul(f, 0.5), f));
  // log m = f − f²/2 + s (f²/2 + s² g(s²)) for 2s = f − s f; the order keeps what is exact apart.
  const low = f64.mul(k, ln2.low);
  const small = f64.add(
    f64.mul(s, f64.add(halfSquare, f64.mul(z, polynomial(b, z, atanhRest)))),
    correction === undefined ? low : f64.add(low, correction),
  );
  return f64.add(f64.mul(k, ln2.high), f64.sub(f, f64.sub(halfSquare, small)));
}

/** The value outside of what the formula can do: −∞ at 0, NaN below and of NaN, x itself at ∞. */
function withLimits(b: MathCode, x: Expr<"f64">, zero: number, inside: () => Double): Double {
  const result = b.local("f64", x);
  b.if(
    i32.and(f64.gt(x, zero), f64.lt(x, Infinity)),
    () => b.set(result, inside()),
    () => b.if(i32.eqz(f64.gt(x, zero)), () => b.set(result, select(f64.eq(x, zero), f64.const(-Infinity), NaN))),
  );
  return result;
}

/** Natural logarithm, within 1 ulp (the method of FreeBSD's e_log.c). */
export const log: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  return withLimits(b, input, 0, () => logOfPositive(b, input, undefined));
};

/** log(1 + x), within 1 ulp: what 1 + x loses is added as error / (1 + x); keeps the sign of zero. */
export const log1p: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  const result = withLimits(b, input, -1, () => {
    const u = b.let(f64.add(input, 1));
    const rounded = b.let(f64.sub(u, input));
    const error = f64.add(f64.sub(input, f64.sub(u, rounded)), f64.sub(1, rounded));
    return f64.copysign(logOfPositive(b, u, f64.div(error, u)), input);
  });
  return result;
};
