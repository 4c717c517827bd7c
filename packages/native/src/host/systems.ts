import type { Convention } from "./entries.js";

/** Declares functions of a library in C; memory addresses are numbers. */
export type Declare = (declaration: string) => (...values: readonly unknown[]) => unknown;

/** Memory of the process, in whole pages. */
export interface PageMemory {
  /** Reserves memory that can be written and not executed. Returns its address; what is none if there is no memory. */
  reserve(bytes: number): unknown;
  /** Makes memory executable and not writable. Returns whether the system allows it. */
  makeExecutable(address: number, bytes: number): boolean;
  release(address: number, bytes: number): void;
  copy(to: number, from: Uint8Array, bytes: number): void;
}

/** What operating systems differ in. */
export interface System {
  /** The library with the functions for memory; null for those of the process itself. */
  readonly library: string | null;
  readonly convention: Convention;
  memory(declare: Declare): PageMemory;
}

/** Linux on x86-64: asm-generic/mman-common.h. */
export const linux: System = {
  library: null,
  convention: "System V",
  memory(declare) {
    const [readable, writable, executable, privateAnonymous] = [1, 2, 4, 0x22];
    const mmap = declare("uintptr_t mmap(uintptr_t address, size_t bytes, int protection, int flags, int file, int64_t offset)");
    const mprotect = declare("int mprotect(uintptr_t address, size_t bytes, int protection)");
    const munmap = declare("int munmap(uintptr_t address, size_t bytes)");
    const memcpy = declare("void memcpy(uintptr_t to, const void *from, size_t bytes)");
    return {
      // mmap returns −1, as an address, if it fails.
      reserve: (bytes) => mmap(0, bytes, readable | writable, privateAnonymous, -1, 0),
      makeExecutable: (address, bytes) => mprotect(address, bytes, readable | executable) === 0,
      release: (address, bytes) => void munmap(address, bytes),
      copy: (to, from, bytes) => void memcpy(to, from, bytes),
    };
  },
};

/** Windows: memoryapi.h, winnt.h. */
const windows: System = {
  library: "kernel32.dll",
  convention: "Windows",
  memory(declare) {
    const [commitAndReserve, release, readWrite, executeRead] = [0x3000, 0x8000, 4, 0x20];
    const virtualAlloc = declare("uintptr_t VirtualAlloc(uintptr_t address, size_t bytes, uint32_t type, uint32_t protection)");
    const virtualProtect = declare("int VirtualProtect(uintptr_t address, size_t bytes, uint32_t protection, void *before)");
    const virtualFree = declare("int VirtualFree(uintptr_t address, size_t bytes, uint32_t type)");
    const moveMemory = declare("void RtlMoveMemory(uintptr_t to, const void *from, size_t bytes)");
    return {
      reserve: (bytes) => virtualAlloc(0, bytes, commitAndReserve, readWrite),
      makeExecutable: (address, bytes) => virtualProtect(address, bytes, executeRead, new Uint8Array(4)) !== 0,
      // Whole reservations are released, without a size.
      release: (address) => void virtualFree(address, 0, release),
      copy: (to, from, bytes) => void moveMemory(to, from, bytes),
    };
  },
};

/** The systems on which machine code runs, by their names in `process.platform`. */
export const systems: Readonly<Record<string, System | undefined>> = { linux, win32: windows };
