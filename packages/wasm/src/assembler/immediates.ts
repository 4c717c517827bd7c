import type { CodeWriter } from "./code-writer.js";
import type { Instruction } from "./instruction.js";
import { AssemblerError } from "./types.js";

/** Where a memory instruction looks, relative to its address operand. */
export interface MemoryAccess {
  /** Bytes added to the address without wrapping, 0 .. 2³²-1. Default 0. */
  readonly offset?: number;
  /** Alignment promised, in bytes: a power of two up to the natural one. A hint only. Default: the natural one. */
  readonly align?: number;
}

/** Immediates of one use of an instruction; where there is none, lane 0, offset 0 and natural alignment are meant. */
export interface Immediates {
  readonly lane: number;
  readonly lanes: readonly number[] | undefined;
  readonly offset: number;
  readonly alignLog2: number;
}

/** Checks the arguments that follow the operands: lane first, then the memory access. */
export function checkImmediates(row: Instruction, first: unknown, second: unknown): Immediates | undefined {
  const { align, lanes, shuffle } = row.immediate;
  if (shuffle === true) return { lane: 0, lanes: checkShuffle(row, first), offset: 0, alignLog2: 0 };
  const lane = lanes === undefined ? 0 : checkLane(row, first, lanes);
  const access = lanes === undefined ? first : second;
  if (align !== undefined && access !== undefined)
    return { lane, lanes: undefined, ...checkAccess(row, access, align) };
  return lane === 0 ? undefined : { lane, lanes: undefined, offset: 0, alignLog2: row.alignLog2 };
}

function checkLane({ name }: Instruction, lane: unknown, lanes: number): number {
  if (typeof lane === "number" && Number.isInteger(lane) && lane >= 0 && lane < lanes) return lane;
  throw new AssemblerError(`${name}: expected a lane in 0 .. ${lanes - 1}, got ${String(lane)}`);
}

function checkShuffle({ name }: Instruction, lanes: unknown): readonly number[] {
  const valid = (lane: unknown): lane is number =>
    typeof lane === "number" && Number.isInteger(lane) && lane >= 0 && lane < 32;
  if (Array.isArray(lanes) && lanes.length === 16 && lanes.every(valid)) return lanes;
  throw new AssemblerError(`${name}: expected 16 lane indices in 0 .. 31, got ${JSON.stringify(lanes)}`);
}

function checkAccess(row: Instruction, access: unknown, natural: number): { offset: number; alignLog2: number } {
  const { offset = 0, align = natural }: MemoryAccess = typeof access === "object" && access !== null ? access : {};
  const { name, feature } = row;
  if (!Number.isInteger(offset) || offset < 0 || offset > 0xffff_ffff) {
    throw new AssemblerError(`${name}: expected an offset of whole bytes in 0 .. 2^32-1, got ${offset}`);
  }
  const alignLog2 = Math.log2(align);
  if (!Number.isInteger(alignLog2) || align > natural || (feature === "threads" && align !== natural)) {
    const expected = feature === "threads" ? `exactly ${natural}` : `a power of two up to ${natural}`;
    throw new AssemblerError(`${name}: expected an alignment of ${expected} bytes, got ${align}`);
  }
  return { offset, alignLog2 };
}

/** Writes opcode and immediates; the operands are on the stack. */
export function emitInstruction(code: CodeWriter, row: Instruction, immediates: Immediates | undefined): void {
  const { align, lanes, zeros, shuffle } = row.immediate;
  code.instruction(row);
  if (align !== undefined) {
    code.requireMemory(row.name);
    code.u32(immediates === undefined ? row.alignLog2 : immediates.alignLog2);
    code.u32(immediates === undefined ? 0 : immediates.offset);
  }
  if (lanes !== undefined) code.byte(immediates === undefined ? 0 : immediates.lane);
  if (shuffle === true && immediates?.lanes !== undefined) code.bytes(immediates.lanes);
  if (zeros === undefined) return;
  if (row.feature !== "threads") code.requireMemory(row.name);
  for (let count = 0; count < zeros; count++) code.byte(0);
}
