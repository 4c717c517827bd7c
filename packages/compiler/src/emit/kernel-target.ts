import type { FunctionHandle, LinearMemory, ModuleBuilder, ProgramImports } from "@nn/wasm";
import type { Kernel } from "../ir/program.js";
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

/** The machine code of one program. */
export interface MachineProgram {
  /** The kernels that are loaded. */
  readonly kernels: readonly Kernel[];
  /** What a module imports that calls them; `undefined` if there are none. */
  readonly imports: ProgramImports | undefined;
  /** Bytes of scratch memory of a kernel; `undefined` if there is no code for it, and WebAssembly is to run it. */
  scratchBytes(kernel: Kernel): number | undefined;
  /** The earlier kernel whose scratch memory a kernel goes on with, because it needs what that left there; `undefined` if it has memory of its own. */
  scratchFrom(kernel: Kernel): Kernel | undefined;
  /** Puts the code of those kernels that there is code for where it can run. */
  load(kernels: readonly Kernel[], places: KernelPlaces, memory: LinearMemory): void;
  /** Declares the loaded kernels in a module that has defined no function yet. */
  declare(module: ModuleBuilder): ReadonlyMap<Kernel, MachineFunction>;
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
  /** The machine code of a program that is being built, with these kernels in this order. */
  program(options: KernelOptions, kernels: readonly Kernel[]): MachineProgram;
}
