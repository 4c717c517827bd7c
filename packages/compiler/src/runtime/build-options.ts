import type { KernelTarget } from "../emit/kernel-target.js";
import type { ProgramCode } from "../emit/program-code.js";
import type { Program } from "../ir/program.js";
import type { MemoryPlan } from "../memory/plan.js";
import type { Threads } from "./threads.js";

/** How a program is built. */
export interface BuildOptions {
  readonly relaxedSimd: boolean;
  /** Whether the engine merges pairs of vectors; `undefined` if it was not asked to. */
  readonly wide: boolean | undefined;
  /** Default: as many as are worthwhile. */
  readonly threads: number | undefined;
  readonly features: RuntimeFeatures;
  /** What runs kernels besides WebAssembly. */
  readonly target: KernelTarget | undefined;
  /** Whether machine code may fuse a multiplication and an addition. */
  readonly fused: boolean;
}

/** What a program is built and run with. */
export interface RuntimeFeatures extends ProgramCode {
  /** The names of the features. */
  readonly features: readonly string[];
  readonly threads: Threads;
  readonly diagnostics: { checkPlan(program: Program, plan: MemoryPlan): void };
}
