import type { LinearMemory, ThreadPool } from "@nn/wasm";
import { ArgumentError } from "@nn/tensor";
import { TraceError } from "../errors.js";
import { costOf } from "../explain.js";
import type { Kernel } from "../program.js";

/** The most threads that a program may be asked to use. */
export const mostThreads = 64;

/** The most threads that are used unasked. */
const usualThreads = 4;

/**
 * Programs with at least so many operations use more threads than one unasked: some milliseconds of work. Less gains little
 * when the cores are free, and loses much when they are not: threads then wait for one another. (`bench/threads.ts` of `@nn/wasm`)
 */
const worthwhileOperations = 100e6;

/** @throws ArgumentError unless `threads` is a number of threads or left open. */
export function checkThreads(threads: number | undefined): void {
  if (threads === undefined || (Number.isInteger(threads) && threads >= 1 && threads <= mostThreads)) return;
  throw new ArgumentError(`compile: expected threads to be a whole number from 1 to ${mostThreads}, got ${threads}`);
}

/** How many threads a program is built for: as many as were asked for, else as many as pay. */
export function threadsFor(kernels: readonly Kernel[], requested: number | undefined, available: number): number {
  if (requested !== undefined) return requested;
  const operations = kernels.reduce((sum, kernel) => sum + costOf(kernel).flops, 0);
  return operations < worthwhileOperations ? 1 : Math.min(available, usualThreads);
}

/** A program in linear memory as something to be called. */
export interface Runner {
  /** An entry of the program, to be run by all its threads. */
  entry(name: string): () => void;
  dispose(): void;
}

/** Runs a program in this thread. `imports` are those besides its memory. */
export function runAlone(module: WebAssembly.Module, memory: LinearMemory, imports: WebAssembly.Imports): Runner {
  const { exports } = new WebAssembly.Instance(module, { env: { ...memory.imports.env }, ...imports });
  return {
    entry(name) {
      const entry: unknown = exports[name];
      if (!isEntry(entry)) throw new TraceError(`the program has no entry ${name}`);
      return () => entry(0, 1);
    },
    dispose: () => undefined,
  };
}

/** Runs a program in up to `threads` threads of a pool. */
export function runTogether(module: WebAssembly.Module, pool: ThreadPool, threads: number): Runner {
  const program = pool.load(module);
  return {
    entry: (name) => () => program.run(name, threads),
    dispose: () => program.dispose(),
  };
}

function isEntry(value: unknown): value is (thread: number, threads: number) => void {
  return typeof value === "function";
}
