import type { InstructionRow } from "../instruction.js";

/**
 * Loads, stores and bulk memory (Core Specification 2.0, §5.4.5, §5.4.6).
 * The address is the first operand: `memory.copy(destination, source, bytes)`, `memory.fill(destination, value, bytes)`.
 * `memory.grow(pages)` returns the former size in pages of 64 KiB, or -1.
 */
export const memoryInstructions = [
  ["i32", "load", "i32 -> i32", { at: 0x28, align: 4 }],
  ["i64", "load", "i32 -> i64", { align: 8 }],
  ["f32", "load", "i32 -> f32", { align: 4 }],
  ["f64", "load", "i32 -> f64", { align: 8 }],
  ["i32", "load8_s load8_u", "i32 -> i32", { align: 1 }],
  ["i32", "load16_s load16_u", "i32 -> i32", { align: 2 }],
  ["i64", "load8_s load8_u", "i32 -> i64", { align: 1 }],
  ["i64", "load16_s load16_u", "i32 -> i64", { align: 2 }],
  ["i64", "load32_s load32_u", "i32 -> i64", { align: 4 }],
  ["i32", "store", "i32 i32 -> void", { align: 4 }],
  ["i64", "store", "i32 i64 -> void", { align: 8 }],
  ["f32", "store", "i32 f32 -> void", { align: 4 }],
  ["f64", "store", "i32 f64 -> void", { align: 8 }],
  ["i32", "store8", "i32 i32 -> void", { align: 1 }],
  ["i32", "store16", "i32 i32 -> void", { align: 2 }],
  ["i64", "store8", "i32 i64 -> void", { align: 1 }],
  ["i64", "store16", "i32 i64 -> void", { align: 2 }],
  ["i64", "store32", "i32 i64 -> void", { align: 4 }],
  ["memory", "size", "-> i32", { zeros: 1 }],
  ["memory", "grow", "i32 -> i32", { zeros: 1 }],
  ["memory", "copy", "i32 i32 i32 -> void", { at: 0xfc_000a, zeros: 2 }],
  ["memory", "fill", "i32 i32 i32 -> void", { zeros: 1 }],
] as const satisfies readonly InstructionRow[];
