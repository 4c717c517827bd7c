import type { InstructionRow } from "../instruction.js";

/**
 * Relaxed SIMD (WebAssembly 3.0): results may differ between machines, unlike those of the plain instructions.
 * `relaxed_madd(a, b, c)` is `a·b + c` and `relaxed_nmadd(a, b, c)` is `-(a·b) + c`, rounded once or twice.
 */
export const relaxedSimdInstructions = [
  ["i8x16", "relaxed_swizzle", "v128 v128 -> v128", { at: 0xfd_0100 }],
  ["i32x4", "relaxed_trunc_f32x4_s relaxed_trunc_f32x4_u", "v128 -> v128"],
  ["i32x4", "relaxed_trunc_f64x2_s_zero relaxed_trunc_f64x2_u_zero", "v128 -> v128"],
  ["f32x4 f64x2", "relaxed_madd relaxed_nmadd", "v128 v128 v128 -> v128"],
  ["i8x16 i16x8 i32x4 i64x2", "relaxed_laneselect", "v128 v128 v128 -> v128"],
  ["f32x4 f64x2", "relaxed_min relaxed_max", "v128 v128 -> v128"],
  ["i16x8", "relaxed_q15mulr_s relaxed_dot_i8x16_i7x16_s", "v128 v128 -> v128"],
  ["i32x4", "relaxed_dot_i8x16_i7x16_add_s", "v128 v128 v128 -> v128"],
] as const satisfies readonly InstructionRow[];
