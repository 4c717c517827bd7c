/** Addresses and sizes of blocks are multiples of this: a cache line, and the alignment of every allocation. */
export const granule = 64;

/** A stretch of the space, allocated or free; all of them form a list in the order of addresses. */
class Block {
  address: number;
  size: number;
  bin: number | undefined; // of a free block
  before: Block | undefined;
  after: Block | undefined;
  previousInBin: Block | undefined;
  nextInBin: Block | undefined;

  constructor(address: number, size: number, before: Block | undefined, after: Block | undefined) {
    this.address = address;
    this.size = size;
    this.before = before;
    this.after = after;
  }
}

/** Four bins for each power of two of the size in granules: 2^26 granules are 4 GiB. */
const binCount = 4 * 27;

/** Bin of the free blocks of about `size` bytes: a block in a higher bin is larger. */
function binOf(size: number): number {
  const granules = size / granule;
  const exponent = 31 - Math.clz32(granules);
  const quarter = exponent < 2 ? (granules << (2 - exponent)) & 3 : (granules >>> (exponent - 2)) & 3;
  return 4 * exponent + quarter;
}

/** Figures of an allocator, in bytes where not said otherwise. */
export interface AllocatorStatistics {
  /** In allocated blocks, rounded up to their granules. */
  readonly used: number;
  /** The most that was ever used. */
  readonly peak: number;
  /** Number of allocated blocks. */
  readonly blocks: number;
  /** Number of free blocks: more than one means fragments. */
  readonly freeBlocks: number;
  /** The largest free block. */
  readonly largestFree: number;
}

/**
 * Deals out a space of addresses, touching no memory itself.
 *
 * Free blocks are kept in bins by size (segregated fit with immediate coalescing; Wilson et al., "Dynamic storage
 * allocation: a survey and critical review", 1995), so that both operations take a time that hardly depends on the
 * number of blocks.
 */
export class Allocator {
  readonly #allocated = new Map<number, Block>();
  readonly #bins: (Block | undefined)[] = new Array<Block | undefined>(binCount).fill(undefined);
  #last: Block | undefined;
  #end: number;
  #used = 0;
  #peak = 0;

  /** An empty space that begins at `start`, a multiple of the granule; `extendTo` gives it room. */
  constructor(start: number) {
    this.#end = start;
  }

  /** Lets the space go on to the address `end`, a multiple of the granule. */
  extendTo(end: number): void {
    const bytes = end - this.#end;
    if (bytes <= 0) return;
    const block = new Block(this.#end, bytes, this.#last, undefined);
    if (this.#last !== undefined) this.#last.after = block;
    this.#last = block;
    this.#end = end;
    this.#insert(this.#joined(block));
  }

  /** Where the space would have to end for `allocate(bytes, alignment)` to succeed there. */
  endFor(bytes: number, alignment: number): number {
    const free = this.#last?.bin === undefined ? 0 : this.#last.size;
    const address = roundUp(this.#end - free, alignment);
    return address + sizeOf(bytes);
  }

  /** Address of a new block, or `undefined` if no free block can hold it. */
  allocate(bytes: number, alignment: number): number | undefined {
    const size = sizeOf(bytes);
    const found = this.#find(size, alignment);
    if (found === undefined) return undefined;
    this.#remove(found);
    const address = roundUp(found.address, alignment);
    let block = found;
    if (address > found.address) {
      block = this.#split(found, address - found.address);
      this.#insert(found);
    }
    if (block.size > size) this.#insert(this.#split(block, size));
    this.#allocated.set(address, block);
    this.#used += size;
    this.#peak = Math.max(this.#peak, this.#used);
    return address;
  }

  /** Frees the block at `address`; `false` if none is allocated there. */
  free(address: number): boolean {
    const block = this.#allocated.get(address);
    if (block === undefined) return false;
    this.#allocated.delete(address);
    this.#used -= block.size;
    this.#insert(this.#joined(block));
    return true;
  }

  /** Size of the block allocated at `address`. */
  sizeAt(address: number): number | undefined {
    return this.#allocated.get(address)?.size;
  }

  get statistics(): AllocatorStatistics {
    let freeBlocks = 0;
    let largestFree = 0;
    for (let block = this.#last; block !== undefined; block = block.before) {
      if (block.bin === undefined) continue;
      freeBlocks++;
      largestFree = Math.max(largestFree, block.size);
    }
    return { used: this.#used, peak: this.#peak, blocks: this.#allocated.size, freeBlocks, largestFree };
  }

  /** A free block that can hold `size` bytes at this alignment. */
  #find(size: number, alignment: number): Block | undefined {
    for (let bin = binOf(size); bin < binCount; bin++) {
      for (let block = this.#bins[bin]; block !== undefined; block = block.nextInBin) {
        if (roundUp(block.address, alignment) + size <= block.address + block.size) return block;
      }
    }
    return undefined;
  }

  /** Cuts `block` to `size` bytes; the rest, in no bin yet, is the result. */
  #split(block: Block, size: number): Block {
    const rest = new Block(block.address + size, block.size - size, block, block.after);
    if (block.after === undefined) this.#last = rest;
    else block.after.before = rest;
    block.after = rest;
    block.size = size;
    return rest;
  }

  /** `block`, which is in no bin, together with its free neighbours. */
  #joined(block: Block): Block {
    if (block.after?.bin !== undefined) {
      this.#remove(block.after);
      this.#absorb(block, block.after);
    }
    const before = block.before;
    if (before?.bin === undefined) return block;
    this.#remove(before);
    this.#absorb(before, block);
    return before;
  }

  #absorb(block: Block, after: Block): void {
    block.size += after.size;
    block.after = after.after;
    if (after.after === undefined) this.#last = block;
    else after.after.before = block;
  }

  #insert(block: Block): void {
    const bin = binOf(block.size);
    const first = this.#bins[bin];
    block.bin = bin;
    block.previousInBin = undefined;
    block.nextInBin = first;
    if (first !== undefined) first.previousInBin = block;
    this.#bins[bin] = block;
  }

  #remove(block: Block): void {
    if (block.bin === undefined) return;
    if (block.previousInBin === undefined) this.#bins[block.bin] = block.nextInBin;
    else block.previousInBin.nextInBin = block.nextInBin;
    if (block.nextInBin !== undefined) block.nextInBin.previousInBin = block.previousInBin;
    block.bin = undefined;
    block.previousInBin = undefined;
    block.nextInBin = undefined;
  }
}

/** What a block for `bytes` takes; one granule for none, so that every block has an address of its own. */
function sizeOf(bytes: number): number {
  return Math.max(granule, roundUp(bytes, granule));
}

/** The first multiple of `step`, a power of two, from `value` on. Exact above 2^31, where bit operations are not. */
function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
