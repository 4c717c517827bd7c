import { UsageError, Variable } from "@nn/tensor";
import { watchVariables } from "@nn/tensor/extend";

/** A module, as far as the guard of `forward` has to know it. */
interface Owner {
  /** All modules and variables in it, itself included. */
  readonly list: () => Iterable<object>;
}

/** The outermost module whose `forward` runs. */
interface Running extends Owner {
  readonly module: object;
  /** The modules in it, or outside of it, whose `forward` runs at present. */
  readonly inner: Owner[];
}

let running: Running | undefined;

/** What a module was found to hold, or to be allowed to use. */
const known = new WeakMap<object, WeakSet<object>>();

/**
 * Runs the `forward` of a module. While that of the outermost module runs, {@link requireHeld} holds for modules and variables: `list`
 * names those that are in the module or among its inputs.
 */
export function runForward<T>(module: object, list: () => Iterable<object>, body: () => T): T {
  if (running !== undefined) return runInner(running.inner, { list }, body);
  running = { module, list, inner: [] };
  try {
    return watchVariables(requireHeld, body);
  } finally {
    running = undefined;
  }
}

function runInner<T>(stack: Owner[], owner: Owner, body: () => T): T {
  stack.push(owner);
  try {
    return body();
  } finally {
    stack.pop();
  }
}

/**
 * Refuses a variable or a module in training mode that the running `forward` uses but that the module does not hold: nothing would train,
 * save or switch it. Two kinds may stay outside: frozen parameters, and buffers of a module whose own `forward` runs, such as those of a
 * teacher in evaluation mode.
 */
export function requireHeld(used: object): void {
  if (running === undefined || Reflect.get(used, "trainable") === false) return;
  const { module, list, inner } = running;
  const held = known.get(module) ?? new WeakSet();
  if (held.has(used)) return;
  known.set(module, held);
  for (const each of list()) held.add(each);
  const isBuffer = used instanceof Variable && !("trainable" in used);
  if (isBuffer && inner.some((owner) => new Set(owner.list()).has(used))) held.add(used);
  if (held.has(used)) return;
  const name = used instanceof Variable && used.name !== undefined ? ` "${used.name}"` : "";
  throw new UsageError(
    `${module.constructor.name}: forward uses a ${used.constructor.name}${name} that ${isBuffer ? "buffers() and stateDict()" : "parameters(), stateDict() and train()"} do not find; `
    + "keep it in a public field, or give it to forward as an input",
  );
}
