import type { InstructionRow } from "../instruction.js";

const integerComparisons = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const integerUnary = "clz ctz popcnt";
const integerBinary = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const floatComparisons = "eq ne lt gt le ge";
const floatUnary = "abs neg ceil floor trunc nearest sqrt";
const floatBinary = "add sub mul div min max copysign";

/** Numeric instructions on scalars (Core Specification 2.0, §5.4.6). */
export const scalarInstructions = [
  ["i32", "const", "-> i32", { at: 0x41, literal: true }],
  ["i64", "const", "-> i64", { literal: true }],
  ["f32", "const", "-> f32", { literal: true }],
  ["f64", "const", "-> f64", { literal: true }],
  ["i32", "eqz", "i32 -> i32"],
  ["i32", integerComparisons, "i32 i32 -> i32"],
  ["i64", "eqz", "i64 -> i32"],
  ["i64", integerComparisons, "i64 i64 -> i32"],
  ["f32", floatComparisons, "f32 f32 -> i32"],
  ["f64", floatComparisons, "f64 f64 -> i32"],
  ["i32", integerUnary, "i32 -> i32"],
  ["i32", integerBinary, "i32 i32 -> i32"],
  ["i64", integerUnary, "i64 -> i64"],
  ["i64", integerBinary, "i64 i64 -> i64"],
  ["f32", floatUnary, "f32 -> f32"],
  ["f32", floatBinary, "f32 f32 -> f32"],
  ["f64", floatUnary, "f64 -> f64"],
  ["f64", floatBinary, "f64 f64 -> f64"],
  ["i32", "wrap_i64", "i64 -> i32"],
  ["i32", "trunc_f32_s trunc_f32_u", "f32 -> i32"],
  ["i32", "trunc_f64_s trunc_f64_u", "f64 -> i32"],
  ["i64", "extend_i32_s extend_i32_u", "i32 -> i64"],
  ["i64", "trunc_f32_s trunc_f32_u", "f32 -> i64"],
  ["i64", "trunc_f64_s trunc_f64_u", "f64 -> i64"],
  ["f32", "convert_i32_s convert_i32_u", "i32 -> f32"],
  ["f32", "convert_i64_s convert_i64_u", "i64 -> f32"],
  ["f32", "demote_f64", "f64 -> f32"],
  ["f64", "convert_i32_s convert_i32_u", "i32 -> f64"],
  ["f64", "convert_i64_s convert_i64_u", "i64 -> f64"],
  ["f64", "promote_f32", "f32 -> f64"],
  ["i32", "reinterpret_f32", "f32 -> i32"],
  ["i64", "reinterpret_f64", "f64 -> i64"],
  ["f32", "reinterpret_i32", "i32 -> f32"],
  ["f64", "reinterpret_i64", "i64 -> f64"],
  ["i32", "extend8_s extend16_s", "i32 -> i32"],
  ["i64", "extend8_s extend16_s extend32_s", "i64 -> i64"],
  ["i32", "trunc_sat_f32_s trunc_sat_f32_u", "f32 -> i32", { at: 0xfc_0000 }],
  ["i32", "trunc_sat_f64_s trunc_sat_f64_u", "f64 -> i32"],
  ["i64", "trunc_sat_f32_s trunc_sat_f32_u", "f32 -> i64"],
  ["i64", "trunc_sat_f64_s trunc_sat_f64_u", "f64 -> i64"],
] as const satisfies readonly InstructionRow[];
