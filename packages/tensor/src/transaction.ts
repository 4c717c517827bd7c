import { currentInterpreter, type Interpreter } from "./interpreter/stack.js";
import { ownAccessor } from "./own-accessor.js";
import { requireKind } from "./arguments/kinds.js";
import { requireSynchronous } from "./arguments/synchronous.js";
import type { Variable } from "./variable.js";

/** What undoes the changes of a transaction, in their order, and the variables among what it changed. */
interface Transaction {
  readonly undo: (() => void)[];
  readonly variables: Set<Variable>;
}

/** The open transaction. */
let open: Transaction | undefined;

/**
 * Plain state that callbacks of a program change, such as a count of steps or a position in a random sequence. If a call fails, the old value
 * is restored, in eager execution (see {@link atomically}) and in compiled functions. A plain JavaScript variable would stay changed.
 *
 * @example
 * ```ts
 * import { hostCallback, hostEffect, HostState, tensor } from "@nn/tensor";
 *
 * const calls = new HostState(0);
 * const numbered = () => {
 *   hostEffect(() => (calls.value += 1));
 *   return tensor([10, 20]).add(hostCallback(() => calls.value));
 * };
 * numbered().toArray(); // => [11, 21]
 * numbered().toArray(); // => [12, 22]
 * ```
 */
export class HostState<T> {
  readonly #name: string;
  #value: T;
  /** The transaction that has noted the value: a mark is cheaper than a set, and every step of a training changes several states. */
  #noted: Transaction | undefined;

  /**
   * @param name - its name in errors.
   * @throws TraceError inside a compiled function, because it would be made once and not at every call.
   */
  constructor(initial: T, name = "HostState") {
    requireKind("HostState", "name", name, "string");
    this.#name = name;
    this.#value = initial;
    ownAccessor(this, "value");
    requireExecution(name, "would be made", "make it before");
  }

  /** The current value. Setting it inside a compiled function throws a TraceError, except in `hostEffect`: it would change once and not at every call. */
  get value(): T {
    return this.#value;
  }

  set value(next: T) {
    requireExecution(this.#name, "would change", "change it outside, or in hostEffect()");
    if (open !== undefined && this.#noted !== open) {
      const before = this.#value;
      open.undo.push(() => (this.#value = before));
      this.#noted = open;
    }
    this.#value = next;
  }
}

/**
 * Throws for an effect that would happen once, while a function is traced, instead of at every call.
 * @throws TraceError if the interpreter records instead of executing.
 */
export function requireExecution(owner: string, effect: string, fix: string): void {
  // The text is not made unless it is needed: every step changes several states.
  for (let at: Interpreter | undefined = currentInterpreter(); at !== undefined; at = at.below) at.refuseHostEffect?.(`${owner}: ${effect}`, fix);
}

/** Tells the open transaction, if there is one, that a variable is about to change. */
export function noteWrite(variable: Variable): void {
  if (open === undefined || open.variables.has(variable)) return;
  const before = variable.cell.read();
  open.variables.add(variable);
  open.undo.push(() => variable.cell.write(before));
}

/**
 * Runs `body` entirely or not at all: if it throws, every `Variable`, `HostState`, `Generator` and optimizer that it has changed is restored.
 * Compiled functions and the steps of optimizers do this by themselves.
 *
 * `body` must be synchronous.
 *
 * @example
 * ```ts
 * import { atomically, tensor, Variable } from "@nn/tensor";
 *
 * const weight = new Variable(tensor([1, 2]));
 * try {
 *   atomically(() => {
 *     weight.value = weight.value.mul(10);
 *     throw new Error("no");
 *   });
 * } catch {}
 * weight.value.toArray(); // => [1, 2]
 * ```
 */
export function atomically<T>(body: () => T): T {
  requireKind("atomically", "the first argument", body, "function");
  const outer = open;
  const own: Transaction = { undo: [], variables: new Set() };
  open = own;
  let done = false;
  try {
    const result = requireSynchronous("atomically", "the function", body());
    done = true;
    return result;
  } finally {
    open = outer;
    // The last change first: the transaction within this one may have noted the same again.
    if (!done) for (const undo of own.undo.toReversed()) undo();
    else outer?.undo.push(...own.undo);
  }
}
