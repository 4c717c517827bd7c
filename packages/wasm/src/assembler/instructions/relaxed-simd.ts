import type { InstructionRow } from "../instruction.js";

/**
 * Relaxed SIMD (WebAssembly 3.0): the result may differ between machines where the plain instruction's would not.
 * `relaxed_madd(a, b, c)` is `a·b + c` and `relaxed_nmadd(a, b, c)` is `-(a·b) + c`, rounded once or twice.
 */
export const relaxedSimdInstructions = {
  "i8x16.relaxed_swizzle": [0xfd_0100, "v128 v128 -> v128"],
  "i32x4.relaxed_trunc_f32x4_s": [0xfd_0101, "v128 -> v128"],
  "i32x4.relaxed_trunc_f32x4_u": [0xfd_0102, "v128 -> v128"],
  "i32x4.relaxed_trunc_f64x2_s_zero": [0xfd_0103, "v128 -> v128"],
  "i32x4.relaxed_trunc_f64x2_u_zero": [0xfd_0104, "v128 -> v128"],
  "f32x4.relaxed_madd": [0xfd_0105, "v128 v128 v128 -> v128"],
  "f32x4.relaxed_nmadd": [0xfd_0106, "v128 v128 v128 -> v128"],
  "f64x2.relaxed_madd": [0xfd_0107, "v128 v128 v128 -> v128"],
  "f64x2.relaxed_nmadd": [0xfd_0108, "v128 v128 v128 -> v128"],
  "i8x16.relaxed_laneselect": [0xfd_0109, "v128 v128 v128 -> v128"],
  "i16x8.relaxed_laneselect": [0xfd_010a, "v128 v128 v128 -> v128"],
  "i32x4.relaxed_laneselect": [0xfd_010b, "v128 v128 v128 -> v128"],
  "i64x2.relaxed_laneselect": [0xfd_010c, "v128 v128 v128 -> v128"],
  "f32x4.relaxed_min": [0xfd_010d, "v128 v128 -> v128"],
  "f32x4.relaxed_max": [0xfd_010e, "v128 v128 -> v128"],
  "f64x2.relaxed_min": [0xfd_010f, "v128 v128 -> v128"],
  "f64x2.relaxed_max": [0xfd_0110, "v128 v128 -> v128"],
  "i16x8.relaxed_q15mulr_s": [0xfd_0111, "v128 v128 -> v128"],
  "i16x8.relaxed_dot_i8x16_i7x16_s": [0xfd_0112, "v128 v128 -> v128"],
  "i32x4.relaxed_dot_i8x16_i7x16_add_s": [0xfd_0113, "v128 v128 v128 -> v128"],
} as const satisfies { readonly [name: string]: InstructionRow };
