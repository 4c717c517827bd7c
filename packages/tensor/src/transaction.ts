import { currentInterpreter, type Interpreter } from "./interpreter/stack.js";
import { ownAccessor } from "./own-accessor.js";
import { requireKind } from "./arguments/kinds.js";
import { requireSynchronous } from "./arguments/synchronous.js";
import type { Tensor } from "./tensor.js";
import type { Variable } from "./variable.js";

/** Where a host state keeps its value. */
interface StateCell {
  value: unknown;
  /** The number of the transaction that has noted its value. */
  noted: number;
}

/** The changes of a transaction, with the values before, in their order. It is made at every step of a training: a list is cheaper than a map. */
interface Transaction {
  readonly number: number;
  readonly cells: StateCell[];
  readonly before: unknown[];
  readonly variables: Map<Variable, Tensor>;
}

/** The open transaction. */
let open: Transaction | undefined;

/** The number of transactions that have been opened. */
let opened = 0;

/** Restores the values of before, the last change first: a cell may have been noted twice, in a transaction and in one within it. */
function restore({ cells, before, variables }: Transaction): void {
  for (let at = cells.length - 1; at >= 0; at--) {
    const cell = cells[at];
    if (cell !== undefined) cell.value = before[at];
  }
  for (const [variable, value] of variables) variable.cell.write(value);
}

/** Hands the changes of a transaction to the one around it. */
function handOn(inner: Transaction, outer: Transaction): void {
  outer.cells.push(...inner.cells);
  outer.before.push(...inner.before);
  for (const [variable, value] of inner.variables) if (!outer.variables.has(variable)) outer.variables.set(variable, value);
}

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
  readonly #cell: StateCell & { value: T };

  /**
   * @param name - its name in errors.
   * @throws TraceError inside a compiled function, because it would be made once and not at every call.
   */
  constructor(initial: T, name = "HostState") {
    requireKind("HostState", "name", name, "string");
    this.#name = name;
    this.#cell = { value: initial, noted: 0 };
    ownAccessor(this, "value");
    requireExecution(`${name}: would be made`, "make it before");
  }

  /** The current value. Setting it inside a compiled function throws a TraceError, except in `hostEffect`: it would change once and not at every call. */
  get value(): T {
    return this.#cell.value;
  }

  set value(next: T) {
    requireExecution(`${this.#name}: would change`, "change it outside, or in hostEffect()");
    const cell = this.#cell;
    if (open !== undefined && cell.noted !== open.number) {
      open.cells.push(cell);
      open.before.push(cell.value);
      cell.noted = open.number;
    }
    cell.value = next;
  }
}

/**
 * Throws for an effect that would happen once, while a function is traced, instead of at every call.
 * @throws TraceError if the interpreter records instead of executing.
 */
export function requireExecution(what: string, fix: string): void {
  for (let at: Interpreter | undefined = currentInterpreter(); at !== undefined; at = at.below) at.refuseHostEffect?.(what, fix);
}

/** Tells the open transaction, if there is one, that a variable is about to change. */
export function noteWrite(variable: Variable): void {
  if (open?.variables.has(variable) === false) open.variables.set(variable, variable.cell.read());
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
  const own: Transaction = { number: ++opened, cells: [], before: [], variables: new Map() };
  open = own;
  let done = false;
  try {
    const result = requireSynchronous("atomically", "the function", body());
    done = true;
    return result;
  } finally {
    open = outer;
    if (!done) restore(own);
    else if (outer !== undefined) handOn(own, outer);
  }
}
