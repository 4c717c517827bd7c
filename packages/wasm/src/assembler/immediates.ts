import type { Instruction } from "./instruction.js";
import { AssemblerError } from "./types.js";

/** Which memory an instruction accesses, relative to its address operand. */
export interface MemoryAccess {
  /** Bytes added to the address without wrapping, 0 .. 2³²-1. Default 0. */
  readonly offset?: number;
  /** The promised alignment, in bytes: a power of two up to the natural one. Only a hint. Default: the natural one. */
  readonly align?: number;
}

/** The numbers that follow the opcode, each in LEB128. */
export type Immediates = readonly number[];

const none: Immediates = [];

/** Checks the arguments for `row` after its operands, first the lane, then the memory access, and returns the immediates. */
export function checkImmediates(row: Instruction, values: readonly unknown[]): Immediates {
  const { align, lanes, shuffle, zeros } = row.immediate;
  const first = values[row.operands.length];
  if (shuffle === true) return checkShuffle(row, first);
  if (zeros !== undefined) return new Array<number>(zeros).fill(0);
  const lane = lanes === undefined ? none : [checkLane(row, first, lanes)];
  if (align === undefined) return lane;
  const access = lanes === undefined ? first : values[row.operands.length + 1];
  return [...checkAccess(row, access, align), ...lane];
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

/** Alignment, as its logarithm, and offset. */
function checkAccess({ name, feature }: Instruction, access: unknown, natural: number): Immediates {
  const { offset = 0, align = natural }: MemoryAccess = typeof access === "object" && access !== null ? access : {};
  if (!Number.isInteger(offset) || offset < 0 || offset > 0xffff_ffff) {
    throw new AssemblerError(`${name}: expected an offset of whole bytes in 0 .. 2^32-1, got ${offset}`);
  }
  const alignLog2 = Math.log2(align);
  if (!Number.isInteger(alignLog2) || align > natural || (feature === "threads" && align !== natural)) {
    const expected = feature === "threads" ? `exactly ${natural}` : `a power of two up to ${natural}`;
    throw new AssemblerError(`${name}: expected an alignment of ${expected} bytes, got ${align}`);
  }
  return [alignLog2, offset];
}
