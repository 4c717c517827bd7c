import type { ValueType } from "../../src/assembler/types.js";
import { fromFloats, fromIntegers, type Value, writeFloat, writeInteger } from "./truth/lanes.js";

const i32 = [0, 1, -1, 2, 7, 31, 32, 33, 0x7f, 0x80, 0xff, 0x8000, 0x12345678, -123456789, 2 ** 31 - 1, -(2 ** 31)];
const i64 = [
  0n,
  1n,
  -1n,
  2n,
  31n,
  63n,
  64n,
  0x80n,
  0x8000n,
  0x8000_0000n,
  0x1234_5678_9abc_def0n,
  2n ** 24n + 1n,
  2n ** 53n + 1n,
  2n ** 62n + 2n ** 38n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const f64 = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3.7,
  -3.7,
  1 / 3,
  1e-45,
  -1e-40,
  5e-324,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 32 - 1,
  2 ** 32,
  -(2 ** 63),
  2 ** 63,
  2 ** 64,
  1e20,
  -1e20,
  3.4e38,
  1e300,
  1 + 2 ** -12,
  Infinity,
  -Infinity,
  NaN,
];
const f32 = f64.map(Math.fround);

/** A few bytes that look random and are the same each time (xorshift32, Marsaglia 2003). */
function scattered(count: number): Uint8Array {
  let state = 0x9e3779b9;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

function vectors(): Uint8Array[] {
  const chunks = <T>(values: readonly T[], size: number): T[][] =>
    Array.from({ length: Math.floor(values.length / size) }, (_, at) => values.slice(at * size, (at + 1) * size));
  return [
    new Uint8Array(16),
    new Uint8Array(16).fill(0xff),
    Uint8Array.from({ length: 16 }, (_, at) => at),
    Uint8Array.from([0, 127, 128, 129, 255, 1, 254, 64, 0, 128, 255, 127, 15, 16, 31, 32]),
    fromIntegers("i16", [-32768n, 32767n, -1n, 0n, 1n, 255n, -256n, 4660n]),
    fromIntegers("i32", [-(2n ** 31n), 2n ** 31n - 1n, -1n, 0n]),
    fromIntegers("i64", [-(2n ** 63n), 2n ** 63n - 1n]),
    ...chunks(f32, 4).map((lanes) => fromFloats("f32", lanes)),
    ...chunks(f64, 2)
      .filter((_, at) => at % 3 === 0)
      .map((lanes) => fromFloats("f64", lanes)),
    fromFloats("f64", [NaN, 1 + 2 ** -30]),
    scattered(16),
    scattered(32).slice(16),
  ];
}

/** Values of each type that bring out the corners of the instructions. */
export const samples: { readonly [T in ValueType]: readonly Value[] } = { i32, i64, f32, f64, v128: vectors() };

/** Combinations of operands: all for one or two, a spread of them for three. */
export function combinations(types: readonly ValueType[]): Value[][] {
  const [first, second, third] = types.map((type) => samples[type]);
  if (first === undefined) return [[]];
  if (second === undefined) return first.map((a) => [a]);
  if (third === undefined) return first.flatMap((a) => second.map((b) => [a, b]));
  return first.flatMap((a, i) =>
    second.flatMap((b, j) => third.filter((_, k) => (i + 2 * j + 3 * k) % 7 === 0).map((c) => [a, b, c])),
  );
}

/** The bytes of a value in memory. */
export function encode(type: ValueType, value: Value): Uint8Array {
  const bytes = new Uint8Array(16);
  if (value instanceof Uint8Array) bytes.set(value);
  else if (type === "f32" || type === "f64") writeFloat(bytes, type, 0, Number(value));
  else writeInteger(bytes, type === "i32" ? "i32" : "i64", 0, BigInt(value));
  return bytes;
}
