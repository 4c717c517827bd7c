import { UsageError, Variable } from "@nn/tensor";
import { guard, inScope, requireSynchronous, watchVariables } from "@nn/tensor/extend";
import { ModuleScope, type ScopedModule } from "./module-scope.js";

/** A module whose `forward` is running. */
interface Running {
  /** The outermost module whose `forward` is running. */
  readonly owner: object;
  /** All modules and variables that this module holds or that its `forward` received as inputs. */
  readonly list: () => Iterable<object>;
  /** The module whose `forward` called this one's. */
  readonly outer: Running | undefined;
}

let running: Running | undefined;

/** What the `forward` of a module may use, as far as it has been looked up. */
const allowed = new WeakMap<object, WeakSet<object>>();

/** What is called after every `forward`, and a text that is another one for other listeners. */
interface Observer {
  readonly key: string;
  readonly observe: (scope: ModuleScope, inputs: readonly unknown[], output: unknown) => void;
}

let observer: Observer | undefined;

/** Sets what is called after every `forward`: see `onForward`. */
export function observeForward(next: Observer | undefined): void {
  observer = next;
}

/** A compiled function is compiled again for other listeners. */
const observed = (): string | undefined => observer?.key;

/**
 * Runs the `forward` of a module, which must be synchronous. Until the outermost `forward` returns, {@link requireHeld} checks every variable that is read or assigned.
 * Errors say in which module they arose.
 */
export function runForward(module: ScopedModule, inputs: readonly unknown[], list: () => Iterable<object>, body: () => unknown): unknown {
  const outer = running;
  running = { owner: outer?.owner ?? module, list, outer };
  try {
    const scope = new ModuleScope(module);
    const checked = (): unknown => requireSynchronous(module.constructor.name, "forward", body());
    const output = inScope(scope, outer === undefined ? () => watchVariables(requireHeld, checked) : checked);
    if (guard(observed) !== undefined) observer?.observe(scope, inputs, output);
    return output;
  } finally {
    running = outer;
  }
}

/** Runs `body` without the check of {@link requireHeld}. */
export function unwatched(body: () => void): void {
  const outer = running;
  running = undefined;
  try {
    watchVariables(() => {}, body);
  } finally {
    running = outer;
  }
}

/**
 * Refuses a variable, or a module in training mode, that the running `forward` uses although the outermost module does not hold it:
 * it would not be trained, saved or switched between modes. Two kinds are allowed: frozen parameters, and buffers of a module whose own
 * `forward` is running, such as those of a teacher in evaluation mode.
 */
export function requireHeld(used: object & { readonly trainable?: boolean; readonly name?: unknown }): void {
  if (running === undefined || used.trainable === false) return;
  const { owner } = running;
  const known = allowed.get(owner) ?? new WeakSet();
  allowed.set(owner, known);
  const isBuffer = used instanceof Variable && !("trainable" in used);
  for (let at: Running | undefined = running; at !== undefined && !known.has(used); at = at.outer) {
    for (const each of at.list()) if (at.outer === undefined || (each === used && isBuffer)) known.add(each);
  }
  if (known.has(used)) return;
  const name = typeof used.name === "string" ? ` "${used.name}"` : "";
  throw new UsageError(
    `${owner.constructor.name}: forward uses a ${used.constructor.name}${name} that modules(), parameters() and buffers() do not find; keep it in a public field, or give it to forward as an input${isBuffer ? "" : ", or freeze it (trainable = false, eval()), as a teacher"}`,
  );
}
