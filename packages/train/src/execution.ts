import { compile, type CompileOptions } from "@nn/compiler";
import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** Whether functions of tensors are compiled: options of `compile`, or `false` for eager execution. */
export type Execution = boolean | CompileOptions;

/** A function as it is executed. */
export interface Executed<A extends readonly unknown[], R> {
  (...args: A): R;
  /** Frees compiled programs. */
  dispose(): void;
}

/** The function in the form in which it is called: compiled, or as it is. */
export function executed<A extends readonly unknown[], R>(operation: string, fn: (...args: A) => R, execution: Execution = true): Executed<A, R> {
  if (typeof execution !== "boolean" && (typeof execution !== "object" || execution === null)) {
    throw new UsageError(`${operation}: compile is ${describeValue(execution)}, expected true, false, or options of compile`);
  }
  if (execution === false) return Object.assign((...args: A): R => fn(...args), { dispose: () => undefined });
  return compile(fn, execution === true ? {} : execution);
}
