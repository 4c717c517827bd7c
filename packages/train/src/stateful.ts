import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/**
 * An object whose state can be saved and loaded again: a module, an optimizer, a data loader, a generator, a plugin. A state is made of
 * tensors, strings, numbers, booleans, null, and arrays and plain objects of these.
 */
export interface Stateful {
  /** The state. It does not change when the object does. */
  stateDict(): unknown;
  /** Continues from a state, or throws and changes nothing. */
  loadStateDict(state: unknown): unknown;
}

/** Whether a value has `stateDict` and `loadStateDict`. */
export function isStateful(value: unknown): value is Stateful {
  const { stateDict, loadStateDict } = Object(value) as Partial<Record<string, unknown>>;
  return typeof stateDict === "function" && typeof loadStateDict === "function";
}

/** @throws UsageError unless the value has `stateDict` and `loadStateDict`. */
export function requireStateful(operation: string, what: string, value: unknown): asserts value is Stateful {
  if (isStateful(value)) return;
  throw new UsageError(`${operation}: ${what} is ${describeValue(value)}, expected an object with stateDict() and loadStateDict(state)`);
}
