import type { InstructionRow } from "../instruction.js";

const modify = "add sub and or xor xchg";
const modifyNarrow = "add_u sub_u and_u or_u xor_u xchg_u";

/**
 * Atomic memory instructions (WebAssembly threads proposal). The alignment must be the natural one.
 * `memory.atomic.wait32(address, expected, timeout)` with the timeout in nanoseconds (-1n: forever) gives 0 when
 * notified, 1 when the value differed, 2 when timed out; `notify(address, count)` gives how many were woken;
 * `cmpxchg(address, expected, replacement)` and all `rmw` give the value before.
 */
export const atomicInstructions = [
  [0xfe_0000, "memory.atomic", "notify", "i32 i32 -> i32", { align: 4 }],
  [0xfe_0001, "memory.atomic", "wait32", "i32 i32 i64 -> i32", { align: 4 }],
  [0xfe_0002, "memory.atomic", "wait64", "i32 i64 i64 -> i32", { align: 8 }],
  [0xfe_0003, "atomic", "fence", "-> void", { zeros: 1 }],
  [0xfe_0010, "i32.atomic", "load", "i32 -> i32", { align: 4 }],
  [0xfe_0011, "i64.atomic", "load", "i32 -> i64", { align: 8 }],
  [0xfe_0012, "i32.atomic", "load8_u", "i32 -> i32", { align: 1 }],
  [0xfe_0013, "i32.atomic", "load16_u", "i32 -> i32", { align: 2 }],
  [0xfe_0014, "i64.atomic", "load8_u", "i32 -> i64", { align: 1 }],
  [0xfe_0015, "i64.atomic", "load16_u", "i32 -> i64", { align: 2 }],
  [0xfe_0016, "i64.atomic", "load32_u", "i32 -> i64", { align: 4 }],
  [0xfe_0017, "i32.atomic", "store", "i32 i32 -> void", { align: 4 }],
  [0xfe_0018, "i64.atomic", "store", "i32 i64 -> void", { align: 8 }],
  [0xfe_0019, "i32.atomic", "store8", "i32 i32 -> void", { align: 1 }],
  [0xfe_001a, "i32.atomic", "store16", "i32 i32 -> void", { align: 2 }],
  [0xfe_001b, "i64.atomic", "store8", "i32 i64 -> void", { align: 1 }],
  [0xfe_001c, "i64.atomic", "store16", "i32 i64 -> void", { align: 2 }],
  [0xfe_001d, "i64.atomic", "store32", "i32 i64 -> void", { align: 4 }],
  // Each operation has seven opcodes, one for each of these widths.
  [0xfe_001e, "i32.atomic.rmw", modify, "i32 i32 -> i32", { align: 4, step: 7 }],
  [0xfe_001f, "i64.atomic.rmw", modify, "i32 i64 -> i64", { align: 8, step: 7 }],
  [0xfe_0020, "i32.atomic.rmw8", modifyNarrow, "i32 i32 -> i32", { align: 1, step: 7 }],
  [0xfe_0021, "i32.atomic.rmw16", modifyNarrow, "i32 i32 -> i32", { align: 2, step: 7 }],
  [0xfe_0022, "i64.atomic.rmw8", modifyNarrow, "i32 i64 -> i64", { align: 1, step: 7 }],
  [0xfe_0023, "i64.atomic.rmw16", modifyNarrow, "i32 i64 -> i64", { align: 2, step: 7 }],
  [0xfe_0024, "i64.atomic.rmw32", modifyNarrow, "i32 i64 -> i64", { align: 4, step: 7 }],
  [0xfe_0048, "i32.atomic.rmw", "cmpxchg", "i32 i32 i32 -> i32", { align: 4 }],
  [0xfe_0049, "i64.atomic.rmw", "cmpxchg", "i32 i64 i64 -> i64", { align: 8 }],
  [0xfe_004a, "i32.atomic.rmw8", "cmpxchg_u", "i32 i32 i32 -> i32", { align: 1 }],
  [0xfe_004b, "i32.atomic.rmw16", "cmpxchg_u", "i32 i32 i32 -> i32", { align: 2 }],
  [0xfe_004c, "i64.atomic.rmw8", "cmpxchg_u", "i32 i64 i64 -> i64", { align: 1 }],
  [0xfe_004d, "i64.atomic.rmw16", "cmpxchg_u", "i32 i64 i64 -> i64", { align: 2 }],
  [0xfe_004e, "i64.atomic.rmw32", "cmpxchg_u", "i32 i64 i64 -> i64", { align: 4 }],
] as const satisfies readonly InstructionRow[];
