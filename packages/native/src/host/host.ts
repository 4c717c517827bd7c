import type { Convention } from "./entries.js";
import type { System } from "./systems.js";

/** Calls of machine code, and memory for it. Addresses are numbers below 2^53. */
export interface Host {
  /** The file of the library that calls machine code, for other threads. */
  readonly library: string;
  /** The library of the system with the functions for memory; null for those of the process. */
  readonly systemLibrary: string | null;
  readonly convention: Convention;
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

/** What of koffi is used here. */
interface Koffi {
  load(library: string | null): { func(declaration: string): (...values: readonly unknown[]) => unknown };
  proto(result: string, parameters: readonly string[]): unknown;
  decode(address: number, type: unknown): (...values: readonly number[]) => unknown;
  address(array: Uint8Array): bigint | number;
}

/** Opens a library of the system through koffi (https://koffi.dev). @throws what koffi throws where its binary cannot be loaded. */
export function openHost(require: NodeJS.Require, system: System): Host {
  const library = require.resolve("koffi");
  const koffi = require(library) as Koffi;
  const functions = koffi.load(system.library);
  const memory = system.memory((declaration) => functions.func(declaration));
  const ofAddresses = koffi.proto("void", ["uintptr_t", "uintptr_t"]);
  const ofThreads = koffi.proto("void", ["int", "int"]);
  return {
    library,
    systemLibrary: system.library,
    convention: system.convention,
    reserve(bytes) {
      const address = memory.reserve(bytes);
      if (typeof address !== "number" || address <= 0 || !Number.isSafeInteger(address)) throw new Error(`the system reserves no ${bytes} bytes`);
      return address;
    },
    write: (address, bytes) => memory.copy(address, bytes, bytes.length),
    makeExecutable(address, bytes) {
      if (!memory.makeExecutable(address, bytes)) throw new Error("the system forbids executable memory");
    },
    release: (address, bytes) => memory.release(address, bytes),
    addressOf: (array) => Number(koffi.address(array)),
    kernel: (address) => koffi.decode(address, ofThreads),
    call: (address, x, y) => void koffi.decode(address, ofAddresses)(x, y),
  };
}
