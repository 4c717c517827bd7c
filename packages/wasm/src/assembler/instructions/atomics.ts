import type { InstructionRow } from "../instruction.js";

const modify = "add sub and or xor xchg";
const modifyNarrow = "add_u sub_u and_u or_u xor_u xchg_u";

/**
 * Atomic memory instructions (WebAssembly threads proposal). The alignment must be the natural one.
 * `memory.atomic.wait32(address, expected, timeout)`, with the timeout in nanoseconds (-1n: forever), returns 0 if it was
 * notified, 1 if the value differed, and 2 if the time was up. `notify(address, count)` returns how many threads it woke.
 * `cmpxchg(address, expected, replacement)` and all `rmw` return the value before.
 */
export const atomicInstructions = [
  ["memory.atomic", "notify", "i32 i32 -> i32", { at: 0xfe_0000, align: 4 }],
  ["memory.atomic", "wait32", "i32 i32 i64 -> i32", { align: 4 }],
  ["memory.atomic", "wait64", "i32 i64 i64 -> i32", { align: 8 }],
  ["atomic", "fence", "-> void", { zeros: 1 }],
  ["i32.atomic", "load", "i32 -> i32", { at: 0xfe_0010, align: 4 }],
  ["i64.atomic", "load", "i32 -> i64", { align: 8 }],
  ["i32.atomic", "load8_u", "i32 -> i32", { align: 1 }],
  ["i32.atomic", "load16_u", "i32 -> i32", { align: 2 }],
  ["i64.atomic", "load8_u", "i32 -> i64", { align: 1 }],
  ["i64.atomic", "load16_u", "i32 -> i64", { align: 2 }],
  ["i64.atomic", "load32_u", "i32 -> i64", { align: 4 }],
  ["i32.atomic", "store", "i32 i32 -> void", { align: 4 }],
  ["i64.atomic", "store", "i32 i64 -> void", { align: 8 }],
  ["i32.atomic", "store8", "i32 i32 -> void", { align: 1 }],
  ["i32.atomic", "store16", "i32 i32 -> void", { align: 2 }],
  ["i64.atomic", "store8", "i32 i64 -> void", { align: 1 }],
  ["i64.atomic", "store16", "i32 i64 -> void", { align: 2 }],
  ["i64.atomic", "store32", "i32 i64 -> void", { align: 4 }],
  // Each operation has seven opcodes, one for each of these widths.
  ["i32.atomic.rmw", modify, "i32 i32 -> i32", { align: 4, step: 7 }],
  ["i64.atomic.rmw", modify, "i32 i64 -> i64", { at: 0xfe_001f, align: 8, step: 7 }],
  ["i32.atomic.rmw8", modifyNarrow, "i32 i32 -> i32", { at: 0xfe_0020, align: 1, step: 7 }],
  ["i32.atomic.rmw16", modifyNarrow, "i32 i32 -> i32", { at: 0xfe_0021, align: 2, step: 7 }],
  ["i64.atomic.rmw8", modifyNarrow, "i32 i64 -> i64", { at: 0xfe_0022, align: 1, step: 7 }],
  ["i64.atomic.rmw16", modifyNarrow, "i32 i64 -> i64", { at: 0xfe_0023, align: 2, step: 7 }],
  ["i64.atomic.rmw32", modifyNarrow, "i32 i64 -> i64", { at: 0xfe_0024, align: 4, step: 7 }],
  ["i32.atomic.rmw", "cmpxchg", "i32 i32 i32 -> i32", { align: 4 }],
  ["i64.atomic.rmw", "cmpxchg", "i32 i64 i64 -> i64", { align: 8 }],
  ["i32.atomic.rmw8", "cmpxchg_u", "i32 i32 i32 -> i32", { align: 1 }],
  ["i32.atomic.rmw16", "cmpxchg_u", "i32 i32 i32 -> i32", { align: 2 }],
  ["i64.atomic.rmw8", "cmpxchg_u", "i32 i64 i64 -> i64", { align: 1 }],
  ["i64.atomic.rmw16", "cmpxchg_u", "i32 i64 i64 -> i64", { align: 2 }],
  ["i64.atomic.rmw32", "cmpxchg_u", "i32 i64 i64 -> i64", { align: 4 }],
] as const satisfies readonly InstructionRow[];
