import {
  clamp,
  floats,
  fromFloats,
  fromIntegers,
  integers,
  type Lane,
  type Truth,
  truncateSaturating,
  type Value,
  vector,
} from "./lanes.js";
import { rounded } from "./scalar.js";

type Row = [string, Truth];

/** A finite float64 as `mantissa · 2^exponent`. */
function decompose(x: number): { readonly mantissa: bigint; readonly exponent: number } {
  const [bits = 0n] = integers(fromFloats("f64", [Math.abs(x)]), "u64");
  const biased = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: x < 0 ? -mantissa : mantissa, exponent: Math.max(biased, 1) - 1075 };
}

/** `a·b + c` in exact integers, rounded once. */
function multiplyAdd(lane: "f32" | "f64", a: number, b: number, c: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return a * b + c;
  if (!Number.isFinite(c)) return c;
  const [x, y, z] = [decompose(a), decompose(b), decompose(c)];
  const exponent = Math.min(x.exponent + y.exponent, z.exponent);
  const at = (mantissa: bigint, from: number): bigint => mantissa << BigInt(from - exponent);
  const sum = at(x.mantissa * y.mantissa, x.exponent + y.exponent) + at(z.mantissa, z.exponent);
  if (sum === 0n) return a * b + c;
  const magnitude = sum < 0n ? -sum : sum;
  const [precision, smallest] = lane === "f32" ? [24, -149] : [53, -1074];
  const target = Math.max(magnitude.toString(2).length + exponent - precision, smallest);
  const kept =
    target <= exponent ? magnitude << BigInt(exponent - target) : roundShift(magnitude, BigInt(target - exponent));
  return rounded(lane, Number(kept) * 2 ** target * (sum < 0n ? -1 : 1));
}

/** `x / 2^shift` to the nearest integer, ties to even. */
function roundShift(x: bigint, shift: bigint): bigint {
  const down = x >> shift;
  const twice = (x - (down << shift)) << 1n;
  const one = 1n << shift;
  return twice > one || (twice === one && down % 2n === 1n) ? down + 1n : down;
}

/** Both roundings that the specification allows. */
function multiplyAddRow(name: string, lane: "f32" | "f64", sign: 1 | -1): Row {
  return [
    name,
    ([a, b, c]) => {
      const [x, y, z] = [floats(vector(a), lane), floats(vector(b), lane), floats(vector(c), lane)];
      const lanes = (f: (a: number, b: number, c: number) => number): Uint8Array =>
        fromFloats(
          lane,
          x.map((value, at) => f(sign * value, y[at] ?? 0, z[at] ?? 0)),
        );
      const fused = lanes((p, q, r) => multiplyAdd(lane, p, q, r));
      return [lanes((p, q, r) => rounded(lane, p * q) + r), fused];
    },
  ];
}

/** Outside the range of the result: saturated, or the pattern that x86 gives; for unsigned results also 0, so that `isAnyNumber` knows them. */
function truncateRow(name: string, from: "f32" | "f64", lane: "i32" | "u32"): Row {
  return [
    name,
    ([a]) => {
      const x = floats(vector(a), from);
      const saturated = x.map((value) => truncateSaturating(value, lane));
      const inRange = x.map(
        (value) => Number.isFinite(value) && clamp(BigInt(Math.trunc(value)), lane) === BigInt(Math.trunc(value)),
      );
      const pattern = lane === "i32" ? -(2n ** 31n) : 2n ** 32n - 1n;
      return [
        fromIntegers(lane, saturated),
        fromIntegers(
          lane,
          saturated.map((value, at) => (inRange[at] === true ? value : pattern)),
        ),
        ...(lane === "u32" ? [fromIntegers(lane, saturated.map((value, at) => (inRange[at] === true ? value : 0n)))] : []),
      ];
    },
  ];
}

/** Whether an instruction may give any number where several are allowed: Firefox truncates what no unsigned number holds to others than the specification lists. */
export function isAnyNumber(name: string): boolean {
  return /relaxed_trunc_\w+_u/.test(name);
}

function minmaxRow(name: string, lane: "f32" | "f64", f: (a: number, b: number) => number): Row {
  return [
    name,
    ([a, b]) => {
      const [x, y] = [floats(vector(a), lane), floats(vector(b), lane)];
      const lanes = (g: (a: number, b: number) => number): Uint8Array =>
        fromFloats(
          lane,
          x.map((value, at) => g(value, y[at] ?? 0)),
        );
      const free = (p: number, q: number): boolean => Number.isNaN(p) || Number.isNaN(q) || (p === 0 && q === 0);
      return [lanes(f), lanes((p, q) => (free(p, q) ? p : f(p, q))), lanes((p, q) => (free(p, q) ? q : f(p, q)))];
    },
  ];
}

/** Defined where a lane of the mask is all ones or all zeros, else by bits, by the lane's top bit or by each byte's. */
function laneselectRow(name: string, lane: Lane): Row {
  const choose = (a: Value | undefined, b: Value | undefined, mask: readonly bigint[], by: Lane): Uint8Array => {
    const [x, y] = [integers(vector(a), by), integers(vector(b), by)];
    return fromIntegers(
      by,
      mask.map((m, at) => ((x[at] ?? 0n) & m) | ((y[at] ?? 0n) & ~m)),
    );
  };
  const tops = (c: Value | undefined, by: Lane): bigint[] => integers(vector(c), by).map((m) => (m < 0n ? -1n : 0n));
  return [
    name,
    ([a, b, c]) => [
      choose(a, b, integers(vector(c), "i64"), "i64"),
      choose(a, b, tops(c, lane), lane),
      choose(a, b, tops(c, "i8"), "i8"),
    ],
  ];
}

/** Products of pairs; a lane of `b` with its top bit set may be read signed or unsigned, sums may wrap, saturate, or be kept as they are. */
function dots(a: Value | undefined, b: Value | undefined): bigint[][] {
  const x = integers(vector(a), "i8");
  return (["i8", "u8"] as const).flatMap((lane) => {
    const y = integers(vector(b), lane);
    const sums = Array.from(
      { length: 8 },
      (_, k) => (x[2 * k] ?? 0n) * (y[2 * k] ?? 0n) + (x[2 * k + 1] ?? 0n) * (y[2 * k + 1] ?? 0n),
    );
    return [sums, sums.map((sum) => BigInt.asIntN(16, sum)), sums.map((sum) => clamp(sum, "i16"))];
  });
}

/** What relaxed instructions may give: a lane must be that lane of one of these. */
export function relaxedSimdTruths(): Row[] {
  return [
    [
      "i8x16.relaxed_swizzle",
      ([a, b]) => [
        vector(b).map((index) => vector(a)[index] ?? 0),
        vector(b).map((index) => (index >= 128 ? 0 : (vector(a)[index % 16] ?? 0))),
      ],
    ],
    truncateRow("i32x4.relaxed_trunc_f32x4_s", "f32", "i32"),
    truncateRow("i32x4.relaxed_trunc_f32x4_u", "f32", "u32"),
    truncateRow("i32x4.relaxed_trunc_f64x2_s_zero", "f64", "i32"),
    truncateRow("i32x4.relaxed_trunc_f64x2_u_zero", "f64", "u32"),
    multiplyAddRow("f32x4.relaxed_madd", "f32", 1),
    multiplyAddRow("f32x4.relaxed_nmadd", "f32", -1),
    multiplyAddRow("f64x2.relaxed_madd", "f64", 1),
    multiplyAddRow("f64x2.relaxed_nmadd", "f64", -1),
    laneselectRow("i8x16.relaxed_laneselect", "i8"),
    laneselectRow("i16x8.relaxed_laneselect", "i16"),
    laneselectRow("i32x4.relaxed_laneselect", "i32"),
    laneselectRow("i64x2.relaxed_laneselect", "i64"),
    minmaxRow("f32x4.relaxed_min", "f32", Math.min),
    minmaxRow("f32x4.relaxed_max", "f32", Math.max),
    minmaxRow("f64x2.relaxed_min", "f64", Math.min),
    minmaxRow("f64x2.relaxed_max", "f64", Math.max),
    [
      "i16x8.relaxed_q15mulr_s",
      ([a, b]) => {
        const y = integers(vector(b), "i16");
        const products = integers(vector(a), "i16").map((x, at) => (x * (y[at] ?? 0n) + 0x4000n) >> 15n);
        return [
          fromIntegers("i16", products),
          fromIntegers(
            "i16",
            products.map((x) => clamp(x, "i16")),
          ),
        ];
      },
    ],
    ["i16x8.relaxed_dot_i8x16_i7x16_s", ([a, b]) => dots(a, b).map((sums) => fromIntegers("i16", sums.map((sum) => BigInt.asIntN(16, sum))))],
    [
      "i32x4.relaxed_dot_i8x16_i7x16_add_s",
      ([a, b, c]) => {
        const z = integers(vector(c), "i32");
        return dots(a, b).map((sums) =>
          fromIntegers(
            "i32",
            z.map((x, at) => x + (sums[2 * at] ?? 0n) + (sums[2 * at + 1] ?? 0n)),
          ),
        );
      },
    ],
  ];
}
