import type { InstructionRow } from "../instruction.js";

/**
 * Loads, stores and bulk memory (Core Specification 2.0, §5.4.5, §5.4.6).
 * Operands: address first; `memory.copy(destination, source, bytes)`, `memory.fill(destination, value, bytes)`;
 * `memory.grow(pages)` gives the former size in pages of 64 KiB, or -1.
 */
export const memoryInstructions = {
  "i32.load": [0x28, "i32 -> i32", { align: 4 }],
  "i64.load": [0x29, "i32 -> i64", { align: 8 }],
  "f32.load": [0x2a, "i32 -> f32", { align: 4 }],
  "f64.load": [0x2b, "i32 -> f64", { align: 8 }],
  "i32.load8_s": [0x2c, "i32 -> i32", { align: 1 }],
  "i32.load8_u": [0x2d, "i32 -> i32", { align: 1 }],
  "i32.load16_s": [0x2e, "i32 -> i32", { align: 2 }],
  "i32.load16_u": [0x2f, "i32 -> i32", { align: 2 }],
  "i64.load8_s": [0x30, "i32 -> i64", { align: 1 }],
  "i64.load8_u": [0x31, "i32 -> i64", { align: 1 }],
  "i64.load16_s": [0x32, "i32 -> i64", { align: 2 }],
  "i64.load16_u": [0x33, "i32 -> i64", { align: 2 }],
  "i64.load32_s": [0x34, "i32 -> i64", { align: 4 }],
  "i64.load32_u": [0x35, "i32 -> i64", { align: 4 }],
  "i32.store": [0x36, "i32 i32 -> void", { align: 4 }],
  "i64.store": [0x37, "i32 i64 -> void", { align: 8 }],
  "f32.store": [0x38, "i32 f32 -> void", { align: 4 }],
  "f64.store": [0x39, "i32 f64 -> void", { align: 8 }],
  "i32.store8": [0x3a, "i32 i32 -> void", { align: 1 }],
  "i32.store16": [0x3b, "i32 i32 -> void", { align: 2 }],
  "i64.store8": [0x3c, "i32 i64 -> void", { align: 1 }],
  "i64.store16": [0x3d, "i32 i64 -> void", { align: 2 }],
  "i64.store32": [0x3e, "i32 i64 -> void", { align: 4 }],
  "memory.size": [0x3f, "-> i32", { zeros: 1 }],
  "memory.grow": [0x40, "i32 -> i32", { zeros: 1 }],
  "memory.copy": [0xfc_000a, "i32 i32 i32 -> void", { zeros: 2 }],
  "memory.fill": [0xfc_000b, "i32 i32 i32 -> void", { zeros: 1 }],
} as const satisfies { readonly [name: string]: InstructionRow };
