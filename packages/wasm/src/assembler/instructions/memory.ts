import type { InstructionRow } from "../instruction.js";

/**
 * Loads, stores and bulk memory (Core Specification 2.0, §5.4.5, §5.4.6).
 * Operands: address first; `memory.copy(destination, source, bytes)`, `memory.fill(destination, value, bytes)`;
 * `memory.grow(pages)` gives the former size in pages of 64 KiB, or -1.
 */
export const memoryInstructions = [
  [0x28, "i32", "load", "i32 -> i32", { align: 4 }],
  [0x29, "i64", "load", "i32 -> i64", { align: 8 }],
  [0x2a, "f32", "load", "i32 -> f32", { align: 4 }],
  [0x2b, "f64", "load", "i32 -> f64", { align: 8 }],
  [0x2c, "i32", "load8_s load8_u", "i32 -> i32", { align: 1 }],
  [0x2e, "i32", "load16_s load16_u", "i32 -> i32", { align: 2 }],
  [0x30, "i64", "load8_s load8_u", "i32 -> i64", { align: 1 }],
  [0x32, "i64", "load16_s load16_u", "i32 -> i64", { align: 2 }],
  [0x34, "i64", "load32_s load32_u", "i32 -> i64", { align: 4 }],
  [0x36, "i32", "store", "i32 i32 -> void", { align: 4 }],
  [0x37, "i64", "store", "i32 i64 -> void", { align: 8 }],
  [0x38, "f32", "store", "i32 f32 -> void", { align: 4 }],
  [0x39, "f64", "store", "i32 f64 -> void", { align: 8 }],
  [0x3a, "i32", "store8", "i32 i32 -> void", { align: 1 }],
  [0x3b, "i32", "store16", "i32 i32 -> void", { align: 2 }],
  [0x3c, "i64", "store8", "i32 i64 -> void", { align: 1 }],
  [0x3d, "i64", "store16", "i32 i64 -> void", { align: 2 }],
  [0x3e, "i64", "store32", "i32 i64 -> void", { align: 4 }],
  [0x3f, "memory", "size", "-> i32", { zeros: 1 }],
  [0x40, "memory", "grow", "i32 -> i32", { zeros: 1 }],
  [0xfc_000a, "memory", "copy", "i32 i32 i32 -> void", { zeros: 2 }],
  [0xfc_000b, "memory", "fill", "i32 i32 i32 -> void", { zeros: 1 }],
] as const satisfies readonly InstructionRow[];
