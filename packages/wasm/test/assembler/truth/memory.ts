import {
  bigint,
  fromIntegers,
  isFloat,
  type Lane,
  laneBits,
  number,
  readFloat,
  readInteger,
  type Value,
  vector,
  writeFloat,
  writeInteger,
} from "./lanes.js";

/** What an instruction on memory should give and do to `bytes`, given the operands after the address. */
export type MemoryTruth = (
  bytes: Uint8Array,
  address: number,
  operands: readonly Value[],
  lane: number,
) => Value | undefined;

type Row = [string, MemoryTruth];
type Scalar = "i32" | "i64" | "f32" | "f64";

const at = (bytes: Uint8Array, address: number, length = 16): Uint8Array => bytes.subarray(address, address + length);
const exact = (value: Value | undefined): bigint => (typeof value === "number" ? BigInt(value) : bigint(value));

/** Loaded integers come back in the result type. */
const asResult = (type: Scalar, value: bigint): Value =>
  type === "i32" ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);

const loadScalar =
  (type: Scalar, lane: Lane): MemoryTruth =>
  (bytes, address) =>
    isFloat(lane) ? readFloat(at(bytes, address), lane, 0) : asResult(type, readInteger(at(bytes, address), lane, 0));

const storeScalar =
  (lane: Lane): MemoryTruth =>
  (bytes, address, [value]) => {
    if (isFloat(lane)) writeFloat(at(bytes, address), lane, 0, number(value));
    else writeInteger(at(bytes, address), lane, 0, exact(value));
    return undefined;
  };

/** Widths narrower than the type itself. */
const narrow = { i32: [8, 16], i64: [8, 16, 32] } as const;

function scalarRows(): Row[] {
  const whole = (["i32", "i64", "f32", "f64"] as const).flatMap((type): Row[] => [
    [`${type}.load`, loadScalar(type, type)],
    [`${type}.store`, storeScalar(type)],
  ]);
  const parts = (["i32", "i64"] as const).flatMap((type) =>
    narrow[type].flatMap((bits): Row[] => [
      [`${type}.load${bits}_s`, loadScalar(type, `i${bits}`)],
      [`${type}.load${bits}_u`, loadScalar(type, `u${bits}`)],
      [`${type}.store${bits}`, storeScalar(`u${bits}`)],
    ]),
  );
  return [...whole, ...parts];
}

const widths = [8, 16, 32, 64] as const;

function vectorRows(): Row[] {
  const laneRows = widths.flatMap((bits): Row[] => [
    [
      `v128.load${bits}_splat`,
      (bytes, address) =>
        fromIntegers(`u${bits}`, Array<bigint>(128 / bits).fill(readInteger(at(bytes, address), `u${bits}`, 0))),
    ],
    [
      `v128.load${bits}_lane`,
      (bytes, address, [value], lane) => {
        const result = vector(value).slice();
        writeInteger(result, `u${bits}`, lane, readInteger(at(bytes, address), `u${bits}`, 0));
        return result;
      },
    ],
    [
      `v128.store${bits}_lane`,
      (bytes, address, [value], lane) => {
        writeInteger(at(bytes, address), `u${bits}`, 0, readInteger(vector(value), `u${bits}`, lane));
        return undefined;
      },
    ],
  ]);
  const zeros = ([32, 64] as const).map((bits): Row => [
    `v128.load${bits}_zero`,
    (bytes, address) => fromIntegers(`u${bits}`, [readInteger(at(bytes, address), `u${bits}`, 0)]),
  ]);
  const widened = ([8, 16, 32] as const).flatMap((bits) =>
    (["s", "u"] as const).map((sign): Row => [
      `v128.load${bits}x${64 / bits}_${sign}`,
      (bytes, address) => {
        const lane: Lane = sign === "s" ? `i${bits}` : `u${bits}`;
        const wide: Lane = bits === 8 ? "i16" : bits === 16 ? "i32" : "i64";
        return fromIntegers(
          wide,
          Array.from({ length: 64 / bits }, (_, k) => readInteger(at(bytes, address), lane, k)),
        );
      },
    ]),
  );
  return [
    ["v128.load", (bytes, address) => at(bytes, address).slice()],
    [
      "v128.store",
      (bytes, address, [value]) => {
        at(bytes, address).set(vector(value));
        return undefined;
      },
    ],
    ...laneRows,
    ...zeros,
    ...widened,
  ];
}

const modify: { readonly [name: string]: (before: bigint, value: bigint) => bigint } = {
  add: (before, value) => before + value,
  sub: (before, value) => before - value,
  and: (before, value) => before & value,
  or: (before, value) => before | value,
  xor: (before, value) => before ^ value,
  xchg: (_, value) => value,
};

function atomicRows(): Row[] {
  return (["i32", "i64"] as const).flatMap((type) =>
    [undefined, ...narrow[type]].flatMap((bits): Row[] => {
      const lane: Lane = bits === undefined ? (type === "i32" ? "u32" : "u64") : `u${bits}`;
      const [width, suffix] = bits === undefined ? ["", ""] : [`${bits}`, "_u"];
      const prefix = `${type}.atomic`;
      const change =
        (f: (before: bigint, operands: readonly Value[]) => bigint): MemoryTruth =>
        (bytes, address, operands) => {
          const before = readInteger(at(bytes, address), lane, 0);
          writeInteger(at(bytes, address), lane, 0, f(before, operands));
          return asResult(type, before);
        };
      const unsigned = (value: Value | undefined): bigint => BigInt.asUintN(laneBits(lane), exact(value));
      return [
        [`${prefix}.load${width}${suffix}`, loadScalar(type, lane)],
        [`${prefix}.store${width}`, storeScalar(lane)],
        ...Object.entries(modify).map(([name, f]): Row => [
          `${prefix}.rmw${width}.${name}${suffix}`,
          change((before, [value]) => f(before, exact(value))),
        ]),
        [
          `${prefix}.rmw${width}.cmpxchg${suffix}`,
          change((before, [expected, value]) => (before === unsigned(expected) ? exact(value) : before)),
        ],
      ];
    }),
  );
}

function waitRows(): Row[] {
  const wait =
    (lane: Lane): MemoryTruth =>
    (bytes, address, [expected]) =>
      readInteger(at(bytes, address), lane, 0) === exact(expected) ? 2 : 1;
  return [
    ["memory.atomic.notify", () => 0],
    ["memory.atomic.wait32", wait("i32")],
    ["memory.atomic.wait64", wait("i64")],
  ];
}

/** Expected results of loads, stores and atomic instructions. */
export function memoryTruths(): Row[] {
  return [...scalarRows(), ...vectorRows(), ...atomicRows(), ...waitRows()];
}
