/** Addresses and sizes of blocks are multiples of this: a cache line, and the alignment of every allocation. */
export const granule = 64;

/** A free range of addresses, from `start` to before `end`. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Statistics of an allocator, in bytes unless stated otherwise. */
export interface AllocatorStatistics {
  /** The size of all allocated blocks, rounded up to granules. */
  readonly used: number;
  /** The largest `used` so far. */
  readonly peak: number;
  /** Number of allocated blocks. */
  readonly blocks: number;
  /** Number of free blocks. More than one means fragmentation. */
  readonly freeBlocks: number;
  /** The largest free block. */
  readonly largestFree: number;
}

/**
 * Allocates blocks of an address space. It accesses no memory.
 *
 * A block is cut from the smallest gap that can hold it (best fit with immediate coalescing; Wilson et al., "Dynamic storage
 * allocation: a survey and critical review", 1995). It searches all gaps. There are few, because only whole arenas and variables are
 * allocated.
 */
export class Allocator {
  /** Sizes of the allocated blocks by their addresses. */
  readonly #sizes = new Map<number, number>();
  /** The free ranges, in no particular order. No two are adjacent. */
  #gaps: readonly Gap[] = [];
  #end: number;
  #used = 0;
  #peak = 0;

  /** Makes an empty space that begins at `start`, a multiple of the granule. `extendTo` enlarges it. */
  constructor(start: number) {
    this.#end = start;
  }

  /** Extends the space to the address `end`, a multiple of the granule. */
  extendTo(end: number): void {
    if (end <= this.#end) return;
    this.#release(this.#end, end);
    this.#end = end;
  }

  /** The end that the space needs for `allocate(bytes, alignment)` to succeed. */
  endFor(bytes: number, alignment: number): number {
    const last = this.#gaps.find(({ end }) => end === this.#end);
    return roundUp(last?.start ?? this.#end, alignment) + sizeOf(bytes);
  }

  /** Address of a new block, or `undefined` if no gap can hold it. */
  allocate(bytes: number, alignment: number): number | undefined {
    const size = sizeOf(bytes);
    const fitting = this.#gaps.filter(({ start, end }) => roundUp(start, alignment) + size <= end);
    const [first, ...others] = fitting;
    if (first === undefined) return undefined;
    const best = others.reduce((best, gap) => (gap.end - gap.start < best.end - best.start ? gap : best), first);
    const address = roundUp(best.start, alignment);
    const rests = [{ start: best.start, end: address }, { start: address + size, end: best.end }];
    this.#gaps = [...this.#gaps, ...rests].filter((gap) => gap !== best && gap.start < gap.end);
    this.#sizes.set(address, size);
    this.#used += size;
    this.#peak = Math.max(this.#peak, this.#used);
    return address;
  }

  /** Frees the block at `address`; `false` if none is allocated there. */
  free(address: number): boolean {
    const size = this.#sizes.get(address);
    if (size === undefined) return false;
    this.#sizes.delete(address);
    this.#used -= size;
    this.#release(address, address + size);
    return true;
  }

  get statistics(): AllocatorStatistics {
    const largestFree = this.#gaps.reduce((largest, { start, end }) => Math.max(largest, end - start), 0);
    return { used: this.#used, peak: this.#peak, blocks: this.#sizes.size, freeBlocks: this.#gaps.length, largestFree };
  }

  /** Frees a range of addresses, and joins it with the gaps on both sides. */
  #release(start: number, end: number): void {
    const before = this.#gaps.find((gap) => gap.end === start);
    const after = this.#gaps.find((gap) => gap.start === end);
    const others = this.#gaps.filter((gap) => gap !== before && gap !== after);
    this.#gaps = [...others, { start: before?.start ?? start, end: after?.end ?? end }];
  }
}

/** The size of a block for `bytes`. For 0 bytes it is one granule, so that every block has its own address. */
function sizeOf(bytes: number): number {
  return Math.max(granule, roundUp(bytes, granule));
}

/** The first multiple of `step`, a power of two, from `value` on. Exact above 2^31, where bit operations are not. */
function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
