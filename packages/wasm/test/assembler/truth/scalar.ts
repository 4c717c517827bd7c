import {
  bigint,
  clamp,
  fromFloats,
  fromIntegers,
  integerToF32,
  type Lane,
  nearest,
  number,
  readFloat,
  readInteger,
  Trap,
  type Truth,
  truncateSaturating,
  type Value,
} from "./lanes.js";

/** Integer arithmetic on exact integers; the caller reads operands signed or unsigned, and wraps the result. */
export const integerBinary: { readonly [name: string]: (a: bigint, b: bigint, bits: bigint) => bigint } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b, bits) => a << (BigInt.asUintN(64, b) % bits),
  shr_s: (a, b, bits) => a >> (BigInt.asUintN(64, b) % bits),
  shr_u: (a, b, bits) => a >> (BigInt.asUintN(64, b) % bits),
  min_s: (a, b) => (a < b ? a : b),
  min_u: (a, b) => (a < b ? a : b),
  max_s: (a, b) => (a > b ? a : b),
  max_u: (a, b) => (a > b ? a : b),
};

export const integerCompare: { readonly [name: string]: (a: bigint, b: bigint) => boolean } = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => a < b,
  lt_u: (a, b) => a < b,
  gt_s: (a, b) => a > b,
  gt_u: (a, b) => a > b,
  le_s: (a, b) => a <= b,
  le_u: (a, b) => a <= b,
  ge_s: (a, b) => a >= b,
  ge_u: (a, b) => a >= b,
};

export const floatUnary: { readonly [name: string]: (x: number) => number } = {
  abs: Math.abs,
  neg: (x) => -x,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest,
  sqrt: Math.sqrt,
};

export const floatBinary: { readonly [name: string]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
};

export const floatCompare: { readonly [name: string]: (a: number, b: number) => boolean } = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
};

/** Rounds to the precision of a float lane. */
export const rounded = (lane: "f32" | "f64", x: number): number => (lane === "f32" ? Math.fround(x) : x);

type Integer = "i32" | "i64";

const exact = (value: Value | undefined): bigint => (typeof value === "number" ? BigInt(value) : bigint(value));
const wrapped = (type: Integer, value: bigint): Value =>
  type === "i32" ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
const unsignedIf = (unsigned: boolean, bits: number, value: bigint): bigint =>
  unsigned ? BigInt.asUintN(bits, value) : value;

function divide(a: bigint, b: bigint, bits: bigint, remainder: boolean): bigint {
  if (b === 0n) throw new Trap();
  if (!remainder && a / b === 1n << (bits - 1n) && a < 0n) throw new Trap();
  return remainder ? a % b : a / b;
}

function integerFamily(type: Integer): [string, Truth][] {
  const bits = type === "i32" ? 32 : 64;
  const wide = BigInt(bits);
  const unary =
    (f: (x: bigint) => bigint): Truth =>
    ([x]) =>
      wrapped(type, f(BigInt.asUintN(bits, exact(x))));
  const binary =
    (f: (a: bigint, b: bigint) => bigint, unsigned = false): Truth =>
    ([a, b]) =>
      wrapped(type, f(unsignedIf(unsigned, bits, exact(a)), unsignedIf(unsigned, bits, exact(b))));
  const digits = (x: bigint): string => x.toString(2).padStart(bits, "0");
  const rotate = (a: bigint, by: bigint): bigint => (a << by) | (a >> (wide - by));
  const names = ["add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u"];
  return [
    ...names.map((name): [string, Truth] => [
      `${type}.${name}`,
      binary((a, b) => integerBinary[name]?.(a, b, wide) ?? 0n, name.endsWith("_u")),
    ]),
    ...Object.entries(integerCompare).map(([name, f]): [string, Truth] => [
      `${type}.${name}`,
      ([a, b]) => {
        const unsigned = name.endsWith("_u");
        return f(unsignedIf(unsigned, bits, exact(a)), unsignedIf(unsigned, bits, exact(b))) ? 1 : 0;
      },
    ]),
    [`${type}.eqz`, ([x]) => (exact(x) === 0n ? 1 : 0)],
    [`${type}.clz`, unary((x) => BigInt(digits(x).indexOf("1") < 0 ? bits : digits(x).indexOf("1")))],
    [`${type}.ctz`, unary((x) => BigInt(x === 0n ? bits : bits - 1 - digits(x).lastIndexOf("1")))],
    [`${type}.popcnt`, unary((x) => BigInt([...digits(x)].filter((digit) => digit === "1").length))],
    [`${type}.div_s`, binary((a, b) => divide(a, b, wide, false))],
    [`${type}.div_u`, binary((a, b) => divide(a, b, wide, false), true)],
    [`${type}.rem_s`, binary((a, b) => divide(a, b, wide, true))],
    [`${type}.rem_u`, binary((a, b) => divide(a, b, wide, true), true)],
    [`${type}.rotl`, binary((a, b) => rotate(a, b % wide), true)],
    [`${type}.rotr`, binary((a, b) => rotate(a, (wide - (b % wide)) % wide), true)],
    [`${type}.extend8_s`, unary((x) => BigInt.asIntN(8, x))],
    [`${type}.extend16_s`, unary((x) => BigInt.asIntN(16, x))],
  ];
}

function floatFamily(type: "f32" | "f64"): [string, Truth][] {
  return [
    ...Object.entries(floatUnary).map(([name, f]): [string, Truth] => [
      `${type}.${name}`,
      ([x]) => rounded(type, f(number(x))),
    ]),
    ...Object.entries(floatBinary).map(([name, f]): [string, Truth] => [
      `${type}.${name}`,
      ([a, b]) => rounded(type, f(number(a), number(b))),
    ]),
    ...Object.entries(floatCompare).map(([name, f]): [string, Truth] => [
      `${type}.${name}`,
      ([a, b]) => (f(number(a), number(b)) ? 1 : 0),
    ]),
    [
      `${type}.copysign`,
      ([a, b]) => {
        const negative = number(b) < 0 || Object.is(number(b), -0);
        return negative ? -Math.abs(number(a)) : Math.abs(number(a));
      },
    ],
  ];
}

function truncations(type: Integer, sign: "s" | "u", from: "f32" | "f64"): [string, Truth][] {
  const lane: Lane = sign === "s" ? type : type === "i32" ? "u32" : "u64";
  return [
    [
      `${type}.trunc_${from}_${sign}`,
      ([x]) => {
        const whole = Math.trunc(number(x));
        if (!Number.isFinite(whole) || clamp(BigInt(whole), lane) !== BigInt(whole)) throw new Trap();
        return wrapped(type, BigInt(whole));
      },
    ],
    [`${type}.trunc_sat_${from}_${sign}`, ([x]) => wrapped(type, truncateSaturating(number(x), lane))],
  ];
}

function conversions(to: "f32" | "f64", from: Integer, sign: "s" | "u"): [string, Truth] {
  const bits = from === "i32" ? 32 : 64;
  return [
    `${to}.convert_${from}_${sign}`,
    ([x]) => {
      const value = unsignedIf(sign === "u", bits, exact(x));
      return to === "f32" ? integerToF32(value) : Number(value);
    },
  ];
}

/** Expected results of the scalar instructions but the constants. */
export function scalarTruths(): [string, Truth][] {
  const integerTypes = ["i32", "i64"] as const;
  const floatTypes = ["f32", "f64"] as const;
  const signs = ["s", "u"] as const;
  return [
    ...integerTypes.flatMap(integerFamily),
    ...floatTypes.flatMap(floatFamily),
    ...integerTypes.flatMap((type) =>
      signs.flatMap((sign) => floatTypes.flatMap((from) => truncations(type, sign, from))),
    ),
    ...floatTypes.flatMap((to) => integerTypes.flatMap((from) => signs.map((sign) => conversions(to, from, sign)))),
    ["i64.extend32_s", ([x]) => BigInt.asIntN(32, bigint(x))],
    ["i32.wrap_i64", ([x]) => Number(BigInt.asIntN(32, bigint(x)))],
    ["i64.extend_i32_s", ([x]) => BigInt(number(x))],
    ["i64.extend_i32_u", ([x]) => BigInt(number(x) >>> 0)],
    ["f32.demote_f64", ([x]) => Math.fround(number(x))],
    ["f64.promote_f32", ([x]) => number(x)],
    ["i32.reinterpret_f32", ([x]) => Number(readInteger(fromFloats("f32", [number(x)]), "i32", 0))],
    ["i64.reinterpret_f64", ([x]) => readInteger(fromFloats("f64", [number(x)]), "i64", 0)],
    ["f32.reinterpret_i32", ([x]) => readFloat(fromIntegers("i32", [BigInt(number(x))]), "f32", 0)],
    ["f64.reinterpret_i64", ([x]) => readFloat(fromIntegers("i64", [bigint(x)]), "f64", 0)],
  ];
}
