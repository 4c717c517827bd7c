/** Calls of machine code, and memory for it. Addresses are numbers below 2^53. */
export interface Host {
  /** The file of the library that calls machine code, for other threads. */
  readonly library: string;
  /** Reserves memory that can be written and not executed. */
  reserve(bytes: number): number;
  write(address: number, bytes: Uint8Array): void;
  /** Makes memory executable; from then on it cannot be written. */
  makeExecutable(address: number, bytes: number): void;
  release(address: number, bytes: number): void;
  /** Where the elements of an array lie. */
  addressOf(array: Uint8Array): number;
  /** Machine code at an address, as a function of two addresses or whole numbers. */
  call(address: number, x: number, y: number): void;
  /** Machine code at an address, as a function of the number of the thread and the number of threads. */
  kernel(address: number): (thread: number, threads: number) => unknown;
}

/** The bytes of a page of memory. Protection is a matter of whole pages. */
export const pageBytes = 4096;

export const wholePages = (bytes: number): number => Math.ceil(bytes / pageBytes) * pageBytes;

// Linux, x86-64: asm-generic/mman-common.h.
const readable = 1;
const writable = 2;
const executable = 4;
const privateAnonymous = 0x22;

/** What of koffi is used here. */
interface Koffi {
  load(library: null): { func(declaration: string): (...values: readonly unknown[]) => unknown };
  proto(result: string, parameters: readonly string[]): unknown;
  decode(address: number, type: unknown): (...values: readonly number[]) => unknown;
  address(array: Uint8Array): bigint | number;
}

/** Opens the C library through koffi (https://koffi.dev). @throws what koffi throws where its binary cannot be loaded. */
export function openHost(require: NodeJS.Require): Host {
  const library = require.resolve("koffi");
  const koffi = require(library) as Koffi;
  const c = koffi.load(null);
  const mmap = c.func("uintptr_t mmap(uintptr_t address, size_t bytes, int protection, int flags, int file, int64_t offset)");
  const mprotect = c.func("int mprotect(uintptr_t address, size_t bytes, int protection)");
  const munmap = c.func("int munmap(uintptr_t address, size_t bytes)");
  const memcpy = c.func("void memcpy(uintptr_t to, const void *from, size_t bytes)");
  const ofAddresses = koffi.proto("void", ["uintptr_t", "uintptr_t"]);
  const ofThreads = koffi.proto("void", ["int", "int"]);
  return {
    library,
    reserve(bytes) {
      const address = mmap(0, bytes, readable | writable, privateAnonymous, -1, 0);
      // mmap returns −1, as an address, if it fails.
      if (typeof address !== "number" || address <= 0 || !Number.isSafeInteger(address)) throw new Error(`the system reserves no ${bytes} bytes`);
      return address;
    },
    write: (address, bytes) => void memcpy(address, bytes, bytes.length),
    makeExecutable(address, bytes) {
      if (mprotect(address, bytes, readable | executable) !== 0) throw new Error("the system forbids executable memory");
    },
    release: (address, bytes) => void munmap(address, bytes),
    addressOf: (array) => Number(koffi.address(array)),
    kernel: (address) => koffi.decode(address, ofThreads),
    call: (address, x, y) => void koffi.decode(address, ofAddresses)(x, y),
  };
}
