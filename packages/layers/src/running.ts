import { UsageError } from "@nn/tensor";

/** The outermost module whose `forward` runs. */
interface Running {
  readonly owner: object;
  /** All modules and variables that are in it, or that its forward was given. */
  readonly list: () => Iterable<object>;
}

let running: Running | undefined;

/** What was found in a module before. What is not here may have been made since. */
const found = new WeakMap<object, WeakSet<object>>();

/** Whether a module's `forward` runs. */
export function isRunning(): boolean {
  return running !== undefined;
}

/** Runs the `forward` of an outermost module; until it ends, {@link requireHeld} holds for what `list` names. */
export function run<T>(owner: object, list: () => Iterable<object>, body: () => T): T {
  running = { owner, list };
  try {
    return body();
  } finally {
    running = undefined;
  }
}

/**
 * Refuses a parameter or a module in training mode that the running `forward` uses but that the module does not hold: nothing would
 * train, save or switch it.
 */
export function requireHeld(used: object): void {
  if (running === undefined || found.get(running.owner)?.has(used)) return;
  const { owner, list } = running;
  const all = new WeakSet(list());
  found.set(owner, all);
  if (all.has(used)) return;
  throw new UsageError(
    `${owner.constructor.name}: forward uses a ${used.constructor.name} that parameters(), stateDict() and train() do not find; keep it in a public field, or give it to forward as an input`,
  );
}
