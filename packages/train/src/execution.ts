import { compile, type CompileOptions } from "@nn/compiler";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** Whether functions of tensors are compiled: `true`, options of `compile`, or `false` for eager execution. A function runs once in a call. */
export type Execution = boolean | Omit<CompileOptions, "steps">;

const compileOptions: OptionKinds<Exclude<Execution, boolean>> = { cacheSize: "count", onWarning: "function", relaxedSimd: "boolean", mergeVectors: "boolean", target: "any", store: "function", threads: "count" };

/** @throws ArgumentError for anything but true, false, and options of `compile`. */
export function requireExecution(operation: string, execution: Execution | undefined): void {
  if (typeof execution !== "boolean") requireOptions(`${operation}: compile`, execution, compileOptions);
}

/** A function as it is executed. */
export interface Executed<A extends readonly unknown[], R> {
  (...args: A): R;
  /** Frees compiled programs. */
  dispose(): void;
}

/** The function in the form in which it is called: compiled or eager. */
export function executed<A extends readonly unknown[], R>(operation: string, fn: (...args: A) => R, execution: Execution = true): Executed<A, R> {
  requireExecution(operation, execution);
  if (execution === false) return Object.assign((...args: A): R => fn(...args), { dispose: () => undefined });
  return compile(fn, execution === true ? {} : execution);
}
