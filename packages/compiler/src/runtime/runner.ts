import type { LinearMemory } from "@nn/wasm";
import { TraceError } from "../errors.js";

/** A program in linear memory as something to be called. */
export interface Runner {
  /** An entry of the program, to be run by all its threads. */
  entry(name: string): () => void;
  dispose(): void;
}

/** Runs a program in this thread. `imports` are those besides its memory. */
export function runAlone(module: WebAssembly.Module, memory: LinearMemory, imports: WebAssembly.Imports = {}): Runner {
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

function isEntry(value: unknown): value is (thread: number, threads: number) => void {
  return typeof value === "function";
}
