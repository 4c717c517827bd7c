import type { FunctionHandle, LinearMemory, ModuleBuilder, ProgramImports } from "@nn/wasm";
import type { Kernel, Program } from "../ir/program.js";
import type { KernelMemory } from "./barriers.js";

/** How the code of kernels may compute. */
export interface KernelOptions {
  /** The most threads that run it. */
  readonly threads: number;
  /** Whether a multiplication and an addition may be fused and rounded once. */
  readonly fused: boolean;
}

/** A kernel of machine code as a function of a module. */
export type MachineFunction = FunctionHandle<{ readonly thread: "i32"; readonly threads: "i32" }, "void">;

/** Where machine code finds its memory. */
export interface KernelPlaces extends Pick<KernelMemory, "addressOf" | "scratchOf"> {
  /**
   * Where a kernel reports the fault that it met: 1 + its number, and two whole numbers (see `Fault`), 32 bits each. The first word is 0 until a thread
   * reports one. A kernel of machine code returns after its report, and its caller stops the program.
   */
  readonly faultAddress: number;
}

/** A kernel of a program as machine code, with the addresses that its code works on. */
export interface PlacedKernel {
  /** Its position among the kernels of the program. */
  readonly position: number;
  /** The code, which runs wherever it lies, and its constants. Kernels of equal code share one array. */
  readonly code: Uint8Array;
  /** Addresses in linear memory. */
  readonly addresses: readonly number[];
}

/** The machine code of one program. */
export interface MachineProgram {
  /** What a module imports that calls the loaded kernels; `undefined` if there are none. */
  readonly imports: ProgramImports | undefined;
  /** Bytes of scratch memory of a kernel; `undefined` if there is no code for it, and WebAssembly is to run it. */
  scratchBytes(kernel: Kernel): number | undefined;
  /** The earlier kernel whose scratch memory a kernel goes on with, because it needs what that left there; `undefined` if it has memory of its own. */
  scratchFrom(kernel: Kernel): Kernel | undefined;
  /** The code of those kernels that there is code for, in their order. */
  place(kernels: readonly Kernel[], places: KernelPlaces): readonly PlacedKernel[];
  /** Declares placed kernels, by their positions, in a module that has defined no function yet. */
  declare(module: ModuleBuilder, kernels: readonly PlacedKernel[]): ReadonlyMap<number, MachineFunction>;
  /** Puts the code of placed kernels where it can run. */
  load(kernels: readonly PlacedKernel[], memory: LinearMemory): void;
  /** Brings addresses up to date when the memory has grown. */
  relocate(): void;
  /** Frees the code. */
  dispose(): void;
}

/** Runs kernels of compiled programs as machine code, in the programs' linear memory: what `native()` of `@nn/native` makes. WebAssembly runs the kernels that it has no code for. */
export interface KernelTarget {
  /** The instruction set, for listings. */
  readonly name: string;
  /** Why WebAssembly runs everything; `undefined` if there is machine code here. */
  readonly reason: string | undefined;
  /** Identifies the code that makes the machine code: a stored program is used only with the same. Programs of a target without one are not stored. */
  readonly build?: string | undefined;
  /** The program with kernels that only this target has code for, such as library kernels with an epilogue that WebAssembly would run as two kernels. */
  fuse?(program: Program, options: KernelOptions): Program;
  /** The machine code of a program that is being built, with these kernels in this order. There are none for a program that is only loaded. */
  program(options: KernelOptions, kernels: readonly Kernel[]): MachineProgram;
}
