import {
  bigint,
  clamp,
  floats,
  fromFloats,
  fromIntegers,
  integers,
  type Lane,
  laneBits,
  number,
  type Truth,
  truncateSaturating,
  type Value,
  vector,
} from "./lanes.js";
import { floatBinary, floatCompare, floatUnary, integerBinary, integerCompare, rounded } from "./scalar.js";

type Row = [string, Truth];
type Width = 8 | 16 | 32 | 64;

const lanesOf = { 8: 16, 16: 8, 32: 4, 64: 2 } as const;
const shape = (bits: Width): string => `i${bits}x${lanesOf[bits]}`;
const signed = (bits: Width): Lane => `i${bits}`;
const unsigned = (bits: Width): Lane => `u${bits}`;
const double = (bits: Width): Width => (bits === 8 ? 16 : bits === 16 ? 32 : 64);
const laneFor = (name: string, bits: Width): Lane => (name.endsWith("_u") ? unsigned(bits) : signed(bits));

const map =
  (lane: Lane, f: (x: bigint) => bigint): Truth =>
  ([a]) =>
    fromIntegers(lane, integers(vector(a), lane).map(f));
const zip =
  (lane: Lane, f: (a: bigint, b: bigint) => bigint): Truth =>
  ([a, b]) => {
    const right = integers(vector(b), lane);
    return fromIntegers(
      lane,
      integers(vector(a), lane).map((x, at) => f(x, right[at] ?? 0n)),
    );
  };
const allOnes = (condition: boolean): bigint => (condition ? -1n : 0n);
const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);
const popcount = (x: bigint): bigint => BigInt([...x.toString(2)].filter((digit) => digit === "1").length);

function integerFamily(bits: Width): Row[] {
  const name = shape(bits);
  const lane = signed(bits);
  const wide = BigInt(bits);
  const arithmetic = bits === 8 ? ["add", "sub"] : ["add", "sub", "mul"];
  const compare = Object.keys(integerCompare).filter((op) => bits < 64 || !op.endsWith("_u"));
  const minmax = bits < 64 ? ["min_s", "min_u", "max_s", "max_u"] : [];
  return [
    ...[...arithmetic, ...minmax].map((op): Row => [
      `${name}.${op}`,
      zip(laneFor(op, bits), (a, b) => integerBinary[op]?.(a, b, wide) ?? 0n),
    ]),
    ...compare.map((op): Row => [
      `${name}.${op}`,
      zip(laneFor(op, bits), (a, b) => allOnes(integerCompare[op]?.(a, b) ?? false)),
    ]),
    ...["shl", "shr_s", "shr_u"].map((op): Row => [
      `${name}.${op}`,
      ([a, by]) =>
        map(laneFor(op, bits), (x) => integerBinary[op]?.(x, BigInt(number(by) >>> 0), wide) ?? 0n)([a ?? 0], 0),
    ]),
    [`${name}.abs`, map(lane, magnitude)],
    [`${name}.neg`, map(lane, (x) => -x)],
    [`${name}.all_true`, ([a]) => (integers(vector(a), lane).every((x) => x !== 0n) ? 1 : 0)],
    [`${name}.bitmask`, ([a]) => integers(vector(a), lane).reduce((mask, x, at) => mask | (x < 0n ? 1 << at : 0), 0)],
    [
      `${name}.splat`,
      ([x]) => fromIntegers(lane, Array<bigint>(lanesOf[bits]).fill(typeof x === "number" ? BigInt(x) : bigint(x))),
    ],
    [
      `${name}.replace_lane`,
      ([a, x], at) =>
        fromIntegers(lane, integers(vector(a), lane).with(at, typeof x === "number" ? BigInt(x) : bigint(x))),
    ],
  ];
}

function saturatingFamily(bits: 8 | 16): Row[] {
  return [
    ...(["s", "u"] as const).flatMap((sign): Row[] => {
      const lane = sign === "s" ? signed(bits) : unsigned(bits);
      return [
        [`${shape(bits)}.add_sat_${sign}`, zip(lane, (a, b) => clamp(a + b, lane))],
        [`${shape(bits)}.sub_sat_${sign}`, zip(lane, (a, b) => clamp(a - b, lane))],
        [`${shape(bits)}.extract_lane_${sign}`, ([a], at) => Number(integers(vector(a), lane)[at])],
        [
          `${shape(bits)}.narrow_${shape(double(bits))}_${sign}`,
          ([a, b]) => {
            const from = signed(double(bits));
            return fromIntegers(
              lane,
              [...integers(vector(a), from), ...integers(vector(b), from)].map((x) => clamp(x, lane)),
            );
          },
        ],
      ];
    }),
    [`${shape(bits)}.avgr_u`, zip(unsigned(bits), (a, b) => (a + b + 1n) / 2n)],
  ];
}

/** Half of the lanes, each widened. */
const half = (a: Value | undefined, lane: Lane, part: "low" | "high"): bigint[] => {
  const all = integers(vector(a), lane);
  return part === "low" ? all.slice(0, all.length / 2) : all.slice(all.length / 2);
};

function wideningFamily(bits: 8 | 16 | 32): Row[] {
  const to = shape(double(bits));
  const from = shape(bits);
  const wide = signed(double(bits));
  return (["s", "u"] as const).flatMap((sign) => {
    const lane = sign === "s" ? signed(bits) : unsigned(bits);
    const halves = (["low", "high"] as const).flatMap((part): Row[] => [
      [`${to}.extend_${part}_${from}_${sign}`, ([a]) => fromIntegers(wide, half(a, lane, part))],
      [
        `${to}.extmul_${part}_${from}_${sign}`,
        ([a, b]) => {
          const right = half(b, lane, part);
          return fromIntegers(
            wide,
            half(a, lane, part).map((x, at) => x * (right[at] ?? 0n)),
          );
        },
      ],
    ]);
    const pairwise: Row = [
      `${to}.extadd_pairwise_${from}_${sign}`,
      ([a]) => {
        const all = integers(vector(a), lane);
        return fromIntegers(
          wide,
          all.flatMap((x, at) => (at % 2 === 0 ? [x + (all[at + 1] ?? 0n)] : [])),
        );
      },
    ];
    return bits === 32 ? halves : [...halves, pairwise];
  });
}

function floatFamily(name: string, lane: "f32" | "f64"): Row[] {
  const unary =
    (f: (x: number) => number): Truth =>
    ([a]) =>
      fromFloats(
        lane,
        floats(vector(a), lane).map((x) => rounded(lane, f(x))),
      );
  const binary =
    (f: (a: number, b: number) => number): Truth =>
    ([a, b]) => {
      const right = floats(vector(b), lane);
      return fromFloats(
        lane,
        floats(vector(a), lane).map((x, at) => rounded(lane, f(x, right[at] ?? 0))),
      );
    };
  const mask: Lane = lane === "f32" ? "i32" : "i64";
  return [
    ...Object.entries(floatUnary).map(([op, f]): Row => [`${name}.${op}`, unary(f)]),
    ...Object.entries(floatBinary).map(([op, f]): Row => [`${name}.${op}`, binary(f)]),
    [`${name}.pmin`, binary((a, b) => (b < a ? b : a))],
    [`${name}.pmax`, binary((a, b) => (a < b ? b : a))],
    ...Object.entries(floatCompare).map(([op, f]): Row => [
      `${name}.${op}`,
      ([a, b]) => {
        const right = floats(vector(b), lane);
        return fromIntegers(
          mask,
          floats(vector(a), lane).map((x, at) => allOnes(f(x, right[at] ?? 0))),
        );
      },
    ]),
    [`${name}.splat`, ([x]) => fromFloats(lane, Array<number>(128 / laneBits(lane)).fill(number(x)))],
    [`${name}.extract_lane`, ([a], at) => floats(vector(a), lane)[at] ?? 0],
    [`${name}.replace_lane`, ([a, x], at) => fromFloats(lane, floats(vector(a), lane).with(at, number(x)))],
  ];
}

const bytewise = (f: (a: bigint, b: bigint) => bigint): Truth => zip("u64", f);

function bitwise(): Row[] {
  return [
    ["v128.not", map("u64", (x) => ~x)],
    ["v128.and", bytewise((a, b) => a & b)],
    ["v128.andnot", bytewise((a, b) => a & ~b)],
    ["v128.or", bytewise((a, b) => a | b)],
    ["v128.xor", bytewise((a, b) => a ^ b)],
    ["v128.any_true", ([a]) => (vector(a).some((byte) => byte !== 0) ? 1 : 0)],
    [
      "v128.bitselect",
      ([a, b, c]) => vector(a).map((byte, at) => select(byte, vector(b)[at] ?? 0, vector(c)[at] ?? 0)),
    ],
    ["i8x16.swizzle", ([a, b]) => vector(b).map((index) => vector(a)[index] ?? 0)],
  ];
}

const select = (a: number, b: number, mask: number): number => (a & mask) | (b & ~mask & 0xff);

function conversions(): Row[] {
  return [
    ["f32x4.demote_f64x2_zero", ([a]) => fromFloats("f32", floats(vector(a), "f64"))],
    ["f64x2.promote_low_f32x4", ([a]) => fromFloats("f64", floats(vector(a), "f32").slice(0, 2))],
    ["f32x4.convert_i32x4_s", ([a]) => fromFloats("f32", integers(vector(a), "i32").map(Number))],
    ["f32x4.convert_i32x4_u", ([a]) => fromFloats("f32", integers(vector(a), "u32").map(Number))],
    ["f64x2.convert_low_i32x4_s", ([a]) => fromFloats("f64", integers(vector(a), "i32").slice(0, 2).map(Number))],
    ["f64x2.convert_low_i32x4_u", ([a]) => fromFloats("f64", integers(vector(a), "u32").slice(0, 2).map(Number))],
    ...(["i32", "u32"] as const).flatMap((lane): Row[] => {
      const sign = lane === "i32" ? "s" : "u";
      const truncate =
        (from: Lane): Truth =>
        ([a]) =>
          fromIntegers(
            lane,
            floats(vector(a), from).map((x) => truncateSaturating(x, lane)),
          );
      return [
        [`i32x4.trunc_sat_f32x4_${sign}`, truncate("f32")],
        [`i32x4.trunc_sat_f64x2_${sign}_zero`, truncate("f64")],
      ];
    }),
  ];
}

function oddments(): Row[] {
  return [
    ["i8x16.popcnt", map("u8", popcount)],
    ["i16x8.q15mulr_sat_s", zip("i16", (a, b) => clamp((a * b + 0x4000n) >> 15n, "i16"))],
    [
      "i32x4.dot_i16x8_s",
      ([a, b]) => {
        const [left, right] = [integers(vector(a), "i16"), integers(vector(b), "i16")];
        const product = (at: number): bigint => (left[at] ?? 0n) * (right[at] ?? 0n);
        return fromIntegers(
          "i32",
          [0, 2, 4, 6].map((at) => product(at) + product(at + 1)),
        );
      },
    ],
    ["i32x4.extract_lane", ([a], at) => Number(integers(vector(a), "i32")[at])],
    ["i64x2.extract_lane", ([a], at) => integers(vector(a), "i64")[at] ?? 0n],
  ];
}

/** Expected results of the SIMD instructions on vectors; loads and stores are with the memory instructions. */
export function simdTruths(): Row[] {
  return [
    ...([8, 16, 32, 64] as const).flatMap(integerFamily),
    ...([8, 16] as const).flatMap(saturatingFamily),
    ...([8, 16, 32] as const).flatMap(wideningFamily),
    ...floatFamily("f32x4", "f32"),
    ...floatFamily("f64x2", "f64"),
    ...bitwise(),
    ...conversions(),
    ...oddments(),
  ];
}
