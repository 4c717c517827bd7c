/** Reading and writing values as bytes: the ground the expected results of the instruction tests stand on. */

/** A value of any WebAssembly type: number (i32 signed, f32, f64), bigint (i64 signed), bytes (v128). */
export type Value = number | bigint | Uint8Array;

/** Result that an instruction should give; several where the specification allows several, lane by lane. */
export type Truth = (operands: readonly Value[], lane: number) => Value | readonly Uint8Array[];

/** The instruction must trap on these operands. */
export class Trap extends Error {}

/** How the bytes of a vector are read: integers as bigint, floats as number. */
export type Lane = "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "f32" | "f64";

export const laneBits = (lane: Lane): number => Number(lane.slice(1));
export const isFloat = (lane: Lane): lane is "f32" | "f64" => lane.startsWith("f");

export function readInteger(bytes: Uint8Array, lane: Lane, at: number): bigint {
  const size = laneBits(lane) / 8;
  let value = 0n;
  for (let k = size - 1; k >= 0; k--) value = (value << 8n) | BigInt(bytes[at * size + k] ?? 0);
  return lane.startsWith("i") ? BigInt.asIntN(size * 8, value) : value;
}

export function writeInteger(bytes: Uint8Array, lane: Lane, at: number, value: bigint): void {
  const size = laneBits(lane) / 8;
  for (let k = 0; k < size; k++) bytes[at * size + k] = Number((value >> BigInt(8 * k)) & 0xffn);
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function readFloat(bytes: Uint8Array, lane: Lane, at: number): number {
  return lane === "f32" ? view(bytes).getFloat32(4 * at, true) : view(bytes).getFloat64(8 * at, true);
}

export function writeFloat(bytes: Uint8Array, lane: Lane, at: number, value: number): void {
  if (lane === "f32") view(bytes).setFloat32(4 * at, value, true);
  else view(bytes).setFloat64(8 * at, value, true);
}

export function integers(bytes: Uint8Array, lane: Lane): bigint[] {
  return Array.from({ length: 128 / laneBits(lane) }, (_, at) => readInteger(bytes, lane, at));
}

export function floats(bytes: Uint8Array, lane: Lane): number[] {
  return Array.from({ length: 128 / laneBits(lane) }, (_, at) => readFloat(bytes, lane, at));
}

/** A vector of these lanes, wrapped to their width; missing lanes are zero. */
export function fromIntegers(lane: Lane, values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(16);
  values.forEach((value, at) => writeInteger(bytes, lane, at, value));
  return bytes;
}

export function fromFloats(lane: Lane, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16);
  values.forEach((value, at) => writeFloat(bytes, lane, at, value));
  return bytes;
}

export function vector(value: Value | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error("expected a vector");
}

export function number(value: Value | undefined): number {
  if (typeof value === "number") return value;
  throw new Error("expected a number");
}

export function bigint(value: Value | undefined): bigint {
  if (typeof value === "bigint") return value;
  throw new Error("expected a bigint");
}

export const clamp = (value: bigint, lane: Lane): bigint => {
  const bits = BigInt(laneBits(lane));
  const [low, high] = lane.startsWith("i") ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  return value < low ? low : value > high ? high : value;
};

/** Integer nearest to a float, ties to even. */
export function nearest(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const down = Math.floor(x);
  const rest = x - down;
  const rounded = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  return rounded === 0 ? (x < 0 || Object.is(x, -0) ? -0 : 0) : rounded;
}

/** Truncation to an integer lane: saturating, NaN to 0. */
export function truncateSaturating(x: number, lane: Lane): bigint {
  if (Number.isNaN(x)) return 0n;
  if (!Number.isFinite(x)) return clamp(x > 0 ? 1n << 80n : -(1n << 80n), lane);
  return clamp(BigInt(Math.trunc(x)), lane);
}

/** An integer rounded once to float32: low bits are gathered in a sticky bit so that float64 holds the rest. */
export function integerToF32(x: bigint): number {
  const magnitude = x < 0n ? -x : x;
  const sticky = (magnitude >> 11n) << 11n === magnitude ? 0n : 1n << 11n;
  const kept = magnitude < 1n << 53n ? magnitude : ((magnitude >> 11n) << 11n) | sticky;
  return Math.fround(Number(kept)) * (x < 0n ? -1 : 1);
}
