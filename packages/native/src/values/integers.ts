import type { Operand, OperationWriter } from "./operation-writer.js";
import type { Virtual } from "./steps.js";

/** x − y ⌊x / y⌋ of int32, with the sign of y. In float64 a quotient that is not whole differs from every whole number by more than its rounding error. */
export function integerRemainder(o: OperationWriter, x: Operand, y: Operand): Virtual {
  const [dividends, divisors] = [o.halves("vcvtdq2pd", x), o.halves("vcvtdq2pd", y)];
  const rest = (half: 0 | 1): Virtual => {
    const [dividend, divisor] = [dividends[half], divisors[half]];
    const quotient = o.roundDoubles(1, o.binary("vdivpd", dividend, divisor));
    return o.toHalf("vcvttpd2dq", o.binary("vsubpd", dividend, o.binary("vmulpd", quotient, divisor)));
  };
  return o.arrange("lowerHalves", rest(0), rest(1));
}

/** Powers of int32 whose exponents have no more bits are computed at once. */
const usualBits = 5;

/** Exponents are not negative, so their highest bit is 0. */
const exponentBits = 31;

/** xʸ by squaring, wrapping around; y is not negative. */
export function integerPower(o: OperationWriter, x: Operand, y: Operand): Virtual {
  const exponent = o.inRegister(y);
  const start = { base: o.inRegister(x), power: o.inRegister(o.bits(1)) };
  const usual = bitsOfPower(o, exponent, start, 0, usualBits);
  const isLarge = o.compareIntegers("less", o.bits(2 ** usualBits - 1), exponent);
  const [result] = o.rarely(isLarge, (rare) => [{ before: usual.power, after: bitsOfPower(rare, exponent, usual, usualBits, exponentBits).power }]);
  return result ?? usual.power;
}

interface Squares {
  readonly base: Virtual;
  readonly power: Virtual;
}

/** Multiplies the power by the squares that belong to some bits of the exponent. */
function bitsOfPower(o: OperationWriter, exponent: Virtual, { base, power }: Squares, from: number, to: number): Squares {
  if (from === to) return { base, power };
  const isSet = o.shift("vpsrad", o.shift("vpslld", exponent, 31 - from), 31);
  const next = { base: o.binary("vpmulld", base, base), power: o.binary("vpmulld", power, o.select(isSet, base, o.bits(1))) };
  return bitsOfPower(o, exponent, next, from + 1, to);
}
