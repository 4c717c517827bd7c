import { readsOf, writesOf, type Buffer, type Kernel } from "../ir/program.js";
import { reservedBytes } from "../memory/plan.js";
import { parallelAxis } from "./loop.js";

/** Where buffers and scratch memory lie in linear memory, and from which kernel on variables may be written. */
export interface KernelMemory {
  /** The position of the last kernel that can fail; −1 if none can. */
  readonly lastFallible: number;
  addressOf(buffer: Buffer): number;
  /** The scratch memory of a kernel that needs some. */
  scratchOf(kernel: Kernel): Buffer | undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The memory that a kernel uses. */
interface Footprint {
  readonly reads: readonly Range[];
  readonly writes: readonly Range[];
  /** Whether only the first thread has work in it. */
  readonly alone: boolean;
}

/**
 * For each kernel, whether the threads must wait for one another before it. They must if it reads what a kernel since the last
 * barrier writes, or writes what such a kernel reads or writes, unless only the first thread works in both. They also wait after the last
 * kernel that can fail, so that none writes a variable while another is still to fail.
 */
export function barriersBefore(kernels: readonly Kernel[], memory: KernelMemory): readonly boolean[] {
  let open: Footprint[] = [];
  return kernels.map((kernel, at) => {
    const footprint = footprintOf(kernel, memory);
    const decided = memory.lastFallible >= 0 && at === memory.lastFallible + 1;
    const needed = decided || open.some((earlier) => conflict(earlier, footprint));
    if (needed) open = [];
    open.push(footprint);
    return needed;
  });
}

function footprintOf(kernel: Kernel, { addressOf, scratchOf }: KernelMemory): Footprint {
  const rangeOf = (buffer: Buffer): Range => {
    const start = addressOf(buffer);
    return { start, end: start + reservedBytes(buffer) };
  };
  const scratch = scratchOf(kernel);
  return {
    reads: [...readsOf(kernel)].map(rangeOf),
    writes: [...writesOf(kernel), ...(scratch === undefined ? [] : [scratch])].map(rangeOf),
    alone: kernel.kind === "loop" && parallelAxis(kernel) === undefined,
  };
}

function conflict(earlier: Footprint, later: Footprint): boolean {
  if (earlier.alone && later.alone) return false;
  return overlap(earlier.writes, later.reads) || overlap(earlier.writes, later.writes) || overlap(earlier.reads, later.writes);
}

function overlap(some: readonly Range[], others: readonly Range[]): boolean {
  return some.some((a) => others.some((b) => a.start < b.end && b.start < a.end));
}
