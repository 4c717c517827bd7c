import { type FieldKinds, requireFields } from "../arguments.js";
import type { MemoryDeclaration } from "../assembler/module-builder.js";
import { wasmFeatures } from "../detect-features.js";
import { Allocator, granule } from "./allocator.js";

const pageBytes = 65536;
const maximumPages = 65536;

/** The host provided no memory, or memory was used wrongly. */
export class MemoryError extends Error {
  override readonly name: string = "MemoryError";
}

/** An allocation does not fit. All numbers are in bytes. */
export class MemoryExhaustedError extends MemoryError {
  override readonly name: string = "MemoryExhaustedError";
  readonly requested: number;
  readonly used: number;
  readonly limit: number;

  constructor(requested: number, used: number, limit: number, largestFree: number) {
    super(
      `allocate: no space for ${requested} bytes: ${used} of ${limit} bytes are used, and the largest free block has ` +
        `${largestFree}; use smaller batches or a smaller model, or free memory that is not needed`,
    );
    this.requested = requested;
    this.used = used;
    this.limit = limit;
  }
}

/** Options of a linear memory. */
export interface LinearMemoryOptions {
  /** Whether worker threads can share it. Default: whether the engine supports threads. */
  readonly shared?: boolean;
  /** Bytes to reserve at the start. The memory grows when they are used up. Default 1 MiB. */
  readonly initialBytes?: number;
  /** The largest size. Default 4 GiB, or as much as the host allows a shared memory to declare. */
  readonly maximumBytes?: number;
}

const optionKinds: FieldKinds<LinearMemoryOptions> = { shared: "boolean | undefined", initialBytes: "number | undefined", maximumBytes: "number | undefined" };

/** Statistics of a linear memory, in bytes unless stated otherwise. */
export interface MemoryStatistics {
  /** The size of all allocated blocks. */
  readonly used: number;
  /** The largest `used` so far. */
  readonly peak: number;
  /** The current size of the memory. */
  readonly reserved: number;
  /** The largest size it may grow to. */
  readonly limit: number;
  /** Number of allocated blocks. */
  readonly blocks: number;
  /** Number of free blocks. More than one means fragmentation. */
  readonly freeBlocks: number;
  /** The largest free block. Growth may make a larger one. */
  readonly largestFree: number;
}

/**
 * One WebAssembly memory and its allocator.
 *
 * Modules import it: they are built with `declaration` and instantiated with `imports`.
 * Address 0 is never allocated. A new block is not cleared.
 *
 * @example
 * ```ts
 * import { LinearMemory } from "@nn/wasm";
 *
 * const memory = new LinearMemory();
 * const address = memory.allocate(1000 * 4);
 * memory.f32(address, 1000).fill(1);
 * memory.statistics.used; // => 4032
 * memory.free(address);
 * ```
 */
export class LinearMemory {
  readonly #memory: WebAssembly.Memory;
  /** That of the memory, which takes longer to ask: a step of a tiny network would ask ten times. */
  #buffer: ArrayBufferLike;
  readonly #allocator = new Allocator(granule);
  readonly #limit: number;
  /** Whether worker threads can share it. */
  readonly shared: boolean;
  /** How a module declares that it imports this memory: option `memory` of `ModuleBuilder`. */
  readonly declaration: MemoryDeclaration;
  /** The imports to instantiate such a module with. */
  readonly imports: { readonly env: { readonly memory: WebAssembly.Memory } };

  constructor(options: LinearMemoryOptions = {}) {
    requireFields("LinearMemory", options, optionKinds);
    const { shared = wasmFeatures().threads, initialBytes = 2 ** 20, maximumBytes } = options;
    const most = maximumPages * pageBytes;
    if (!(initialBytes >= 0 && initialBytes <= (maximumBytes ?? most) && (maximumBytes ?? most) <= most)) {
      throw new MemoryError(
        `LinearMemory: expected 0 <= initialBytes <= maximumBytes <= ${most}, got ${initialBytes} and ${maximumBytes}`,
      );
    }
    const initial = Math.max(1, Math.ceil(initialBytes / pageBytes));
    const maximum = maximumBytes === undefined ? undefined : Math.max(1, Math.ceil(maximumBytes / pageBytes));
    const created = createMemory(shared, initial, maximum);
    this.#memory = created.memory;
    this.#buffer = created.memory.buffer;
    this.#limit = created.maximum * pageBytes;
    this.shared = shared;
    this.declaration = { import: ["env", "memory"], initial: 1, maximum: maximumPages, shared };
    this.imports = { env: { memory: this.#memory } };
    this.#allocator.extendTo(usableEnd(this.#buffer.byteLength));
  }

  /** The WebAssembly memory itself, to pass to workers. */
  get memory(): WebAssembly.Memory {
    return this.#memory;
  }

  /** The current buffer. Growing replaces it, so do not keep it. */
  get buffer(): ArrayBufferLike {
    return this.#buffer;
  }

  get statistics(): MemoryStatistics {
    return { ...this.#allocator.statistics, reserved: this.#buffer.byteLength, limit: this.#limit };
  }

  /**
   * Allocates a block of `bytes` bytes and returns its address. The memory grows if necessary.
   *
   * @param alignment - the alignment of the address, in bytes: a power of two. Addresses are always multiples of 64.
   * @throws MemoryExhaustedError if the limit is reached.
   */
  allocate(bytes: number, alignment: number = granule): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new MemoryError(`allocate: expected a whole number of bytes, got ${bytes}`);
    }
    if (!Number.isInteger(Math.log2(alignment))) {
      throw new MemoryError(`allocate: expected an alignment that is a power of two, got ${alignment}`);
    }
    const aligned = Math.max(granule, alignment);
    const address = this.#allocator.allocate(bytes, aligned);
    if (address !== undefined) return address;
    if (this.#growTo(this.#allocator.endFor(bytes, aligned))) {
      const grown = this.#allocator.allocate(bytes, aligned);
      if (grown !== undefined) return grown;
    }
    const { used, largestFree } = this.#allocator.statistics;
    throw new MemoryExhaustedError(bytes, used, this.#limit, largestFree);
  }

  /** Frees a block. @throws MemoryError if `address` is not that of an allocated block. */
  free(address: number): void {
    if (this.#allocator.free(address)) return;
    throw new MemoryError(`free: no block is allocated at address ${address}; was it freed already?`);
  }

  /** `length` float32 from `address` on. Use a view at once: when the memory grows, views of it become empty. */
  f32(address: number, length: number): Float32Array {
    return new Float32Array(this.#checked("f32", address, length, 4), address, length);
  }

  /** `length` float64 from `address` on. */
  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.#checked("f64", address, length, 8), address, length);
  }

  /** `length` signed 32-bit integers from `address` on. */
  i32(address: number, length: number): Int32Array {
    return new Int32Array(this.#checked("i32", address, length, 4), address, length);
  }

  /** `length` bytes from `address` on. */
  u8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#checked("u8", address, length, 1), address, length);
  }

  /** The buffer. @throws MemoryError unless the view lies in it. */
  #checked(name: string, address: number, length: number, bytes: number): ArrayBufferLike {
    const buffer = this.#buffer;
    if (address % bytes !== 0) {
      throw new MemoryError(`${name}: expected an address that is a multiple of ${bytes}, got ${address}`);
    }
    if (!(address >= 0 && length >= 0 && address + length * bytes <= buffer.byteLength)) {
      throw new MemoryError(
        `${name}: ${length} elements at address ${address} exceed the memory of ${buffer.byteLength} bytes`,
      );
    }
    return buffer;
  }

  /** Grows to at least `end`, and further if possible, so that growing is rare. Returns whether it succeeded. */
  #growTo(end: number): boolean {
    if (end > usableEnd(this.#limit)) return false;
    const now = this.#buffer.byteLength;
    for (const wished of [Math.min(Math.max(end, now * 1.25), this.#limit), end]) {
      try {
        this.#memory.grow(Math.ceil((wished - now) / pageBytes));
        this.#buffer = this.#memory.buffer;
      } catch {
        continue; // the host does not have so much memory
      }
      this.#allocator.extendTo(usableEnd(this.#buffer.byteLength));
      return true;
    }
    return false;
  }
}

/** The last granule below 4 GiB stays unused, so that no block ends at 2^32, which is 0 as a 32-bit address. */
function usableEnd(bytes: number): number {
  return Math.min(bytes, maximumPages * pageBytes - granule);
}

/** A memory, and the pages it may grow to. */
function createMemory(shared: boolean, initial: number, maximum: number | undefined) {
  if (maximum !== undefined) return { memory: new WebAssembly.Memory({ initial, maximum, shared }), maximum };
  // Some hosts reserve addresses for the largest size of a shared memory, and refuse 4 GiB of them.
  for (let pages = maximumPages; ; pages /= 2) {
    try {
      return { memory: new WebAssembly.Memory({ initial, maximum: pages, shared }), maximum: pages };
    } catch (cause) {
      if (pages / 2 < Math.max(initial, 1024)) {
        throw new MemoryError(`LinearMemory: the host provides no memory of ${initial} pages of 64 KiB`, { cause });
      }
    }
  }
}
