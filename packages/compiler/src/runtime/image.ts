import type { TypedArray, Variable } from "@nn/tensor";
import type { TensorType } from "@nn/tensor/interpreter";
import type { KernelMemory } from "../emit/barriers.js";
import type { Barriers } from "../emit/emit-program.js";
import type { ImportedFunctions } from "../emit/imported.js";
import type { MachineProgram, PlacedKernel } from "../emit/kernel-target.js";
import type { MemoryPlan } from "../memory/plan.js";
import type { Kernel, Program } from "../ir/program.js";
import type { BuildOptions } from "./build-options.js";

/** Where the parts of a program's memory begin. */
export interface Bases {
  /** Temporaries, inputs and results. */
  readonly arena: number;
  /** Where kernels report faults. */
  readonly fault: number;
  /** Where threads wait for one another; `undefined` if there is one thread. */
  readonly barriers: ((kernels: readonly Kernel[], memory: KernelMemory) => Barriers) | undefined;
  readonly variable: (variable: Variable) => number;
  readonly constant: (data: TypedArray, type: TensorType) => number;
}

/** A tensor that the host writes before, or reads after, the kernels run. */
export interface Site {
  readonly type: TensorType;
  readonly address: number;
}

/** An input, and its position among the tensors of the call. */
export interface InputSite extends Site {
  readonly index: number;
}

export interface HostCallbackSite extends Site {
  readonly callback: () => number | readonly number[];
}

/** A program for one place in memory: its code, and where the host finds what it exchanges with it. */
export interface PlacedProgram {
  readonly code: Uint8Array<ArrayBuffer>;
  /** The kernels that run as machine code. */
  readonly machine: readonly PlacedKernel[];
  readonly inputs: readonly InputSite[];
  /** In the order in which the callbacks run. */
  readonly hostCallbacks: readonly HostCallbackSite[];
  readonly outputs: readonly Site[];
}

/** A program that can be put anywhere in memory: what an `Executable` is made of. */
export interface ProgramImage {
  /** Whether it comes from a store. Default false. */
  readonly isStored?: boolean;
  readonly options: BuildOptions;
  readonly arenaBytes: number;
  /** The number of threads that it should have. */
  readonly wantedThreads: number;
  /** The most threads that run it. */
  readonly threads: number;
  /** The functions of JavaScript that it calls. Only this thread has them, so it runs on no other. */
  readonly imported: Pick<ImportedFunctions, "primitives" | "imports"> | undefined;
  /** What runs kernels besides WebAssembly. */
  readonly machine: MachineProgram | undefined;
  readonly writes: readonly { readonly variable: Variable }[];
  /** The kernels, for listings and errors. A program that comes from a store is lowered for them. */
  readonly program: Program;
  readonly plan: MemoryPlan;
  place(bases: Bases): PlacedProgram;
}
