import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { availableThreads, defineBarrier, ThreadPool, type BarrierState, type ProgramImports } from "@nn/wasm";
import { barriersBefore, type KernelMemory } from "../emit/barriers.js";
import type { Barriers } from "../emit/emit-program.js";
import { flopsOf } from "../ir/cost.js";
import type { Kernel } from "../ir/program.js";
import type { Engine } from "./engine.js";
import type { Runner } from "./runner.js";

/** How a compiler runs programs on several threads. */
export interface Threads {
  /** @throws ArgumentError unless `threads` is a whole number from 1 to 64. */
  requireCount(threads: number): void;
  /** How many threads a program is built for: as many as were requested, else as many as are worthwhile. */
  countFor(kernels: readonly Kernel[], requested: number | undefined): number;
  /** Why there are no other threads here; `undefined` if there are. */
  reason(engine: Engine): string | undefined;
  /** Up to `threads` threads of the engine for one program. */
  team(engine: Engine, threads: number): ThreadTeam;
}

/** The threads of one program. */
export interface ThreadTeam {
  /** What they share in order to wait for one another. */
  readonly barrier: BarrierState;
  /** Where they wait for one another. `state` is where code that does not run finds what they share. */
  readonly barriers: (kernels: readonly Kernel[], memory: KernelMemory, state?: BarrierState) => Barriers;
  /** Loads a program into all of them. `imports` are those besides its memory. */
  run(module: WebAssembly.Module, imports?: ProgramImports): Runner;
}

/** The most threads that a program may be asked to use. */
const mostThreads = 64;

/** The threads that all compiled functions share. */
export function poolOf(engine: Engine): ThreadPool {
  return engine.pool((memory) => new ThreadPool(memory, { threads: mostThreads }));
}

/** The most threads that are used by default: a browser may report more cores than there are, and four threads on two cores are slower than two. */
const usualThreads = 2;

/**
 * Programs with at least this many operations, some milliseconds of work, use more than one thread by default. Smaller ones gain little
 * when the cores are free, and lose much when they are not, because threads wait for one another. (`bench/threads.ts` of `@nn/wasm`)
 */
const worthwhileOperations = 100e6;

/** Worker threads over shared memory. */
export const threads: Threads & { readonly feature: "threads" } = {
  feature: "threads",
  requireCount(threads) {
    if (Number.isInteger(threads) && threads >= 1 && threads <= mostThreads) return;
    throw new ArgumentError(`compile: expected threads to be a whole number from 1 to ${mostThreads}, got ${describeValue(threads)}`);
  },
  countFor(kernels, requested) {
    if (requested !== undefined) return requested;
    const operations = kernels.reduce((sum, kernel) => sum + flopsOf(kernel), 0);
    return operations < worthwhileOperations ? 1 : Math.min(availableThreads(), usualThreads);
  },
  reason: (engine) => (engine.wasm.threads ? poolOf(engine).reason : "there is no shared memory here; a page has it when it is cross-origin isolated"),
  team(engine, count) {
    const pool = poolOf(engine);
    return {
      barrier: pool.barrier,
      barriers: (kernels, memory, state = pool.barrier) => ({ define: (module) => defineBarrier(module, state), before: barriersBefore(kernels, memory) }),
      run(module, imports) {
        const program = pool.load(module, imports);
        return { entry: (name) => () => program.run(name, count), dispose: () => program.dispose() };
      },
    };
  },
};
