import { refuseArgument } from "../arguments.js";

/** The types of WebAssembly values that are supported: four scalars and the 128-bit vector (Core Specification 2.0, §2.3). */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Binary encoding of each value type (Core Specification, §5.3). */
export const valueTypeCode: { readonly [T in ValueType]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** The encoding of a type, for `user`. @throws WasmArgumentError if it is none. */
export function codeOf(user: string, type: ValueType): number {
  return valueTypeCode[type] ?? refuseArgument(user, "a type", type, "i32, i64, f32, f64 or v128");
}

/** A feature that an instruction needs beyond the first version of WebAssembly. */
export type Feature = "simd" | "relaxed-simd" | "threads";

/** A program that cannot be assembled. The message names the instruction, what it expected, and what it got. */
export class AssemblerError extends Error {
  override readonly name = "AssemblerError";
}
