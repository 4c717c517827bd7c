import { isTensor, UsageError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { Module } from "./module.js";
import type { ModuleScope } from "./module-scope.js";
import { observeForward, unwatched } from "./run-forward.js";

/**
 * What {@link onForward} calls.
 * @param module - the module whose `forward` has run.
 * @param path - its name in the module that was given to `onForward`; `""` for that module itself.
 * @param inputs - the arguments of `forward`.
 * @param output - the result of `forward`.
 */
export type ForwardListener = (module: Module, path: string, inputs: readonly unknown[], output: unknown) => void;

interface Hook {
  readonly listener: ForwardListener;
  /** The name of each module. */
  readonly paths: WeakMap<object, string>;
}

/** The hooks by number, in the order in which they were added. */
const hooks = new Map<number, Hook>();
let added = 0;
let observing = false;

/**
 * Calls `listener` after every `forward` of a module and of the modules that are in it now: a forward hook. It returns a function that removes the
 * listener.
 *
 * The listener sees the output and cannot replace it. It is called in eager execution and, inside `valueAndGrad`, with the tensors of the tape.
 * A compiled function calls it only while it is traced: the tensors have no elements then, but what the listener computes and assigns to a
 * `Variable` becomes part of the program. A compiled function is compiled again for other listeners, and goes back to its first program once they are
 * removed. Modules that a listener runs call no listeners. In PyTorch, `register_forward_hook` listens to one module, and `register_module_forward_hook`
 * to all.
 *
 * @example
 * ```ts
 * import { ones } from "@nn/tensor";
 * import { Linear, onForward, ReLU, Sequential } from "@nn/layers";
 *
 * const model = new Sequential(new Linear(4, 3), new ReLU());
 * const seen: string[] = [];
 * const remove = onForward(model, (module, path) => seen.push(`${path} ${module.constructor.name}`));
 * model.forward(ones([2, 4]));
 * remove();
 * seen; // => ["0 Linear", "1 ReLU", " Sequential"]
 * ```
 * @throws UsageError if the listener returns a tensor or a promise.
 */
export function onForward(module: Module, listener: ForwardListener): () => void {
  if (!(module instanceof Module)) throw new UsageError(`onForward: got ${describeValue(module)}, expected a Module`);
  requireKind("onForward", "the listener", listener, "function");
  const id = ++added;
  hooks.set(id, { listener, paths: new WeakMap([...module.namedModules()].map(([path, each]) => [each, path] as const)) });
  update();
  return () => {
    hooks.delete(id);
    update();
  };
}

function update(): void {
  observeForward(hooks.size === 0 ? undefined : { key: [...hooks.keys()].join(), observe });
}

function observe({ module, outer }: ModuleScope, inputs: readonly unknown[], output: unknown): void {
  // A call of `super.forward` is part of the module's own.
  if (observing || !(module instanceof Module) || (outer !== undefined && "module" in outer && outer.module === module)) return;
  observing = true;
  try {
    unwatched(() => {
      for (const { listener, paths } of hooks.values()) {
        const path = paths.get(module);
        if (path !== undefined) requireNothing(listener(module, path, inputs, output));
      }
    });
  } finally {
    observing = false;
  }
}

function requireNothing(result: unknown): void {
  if (isTensor(result)) throw new UsageError("onForward: the listener returned a tensor; a listener cannot replace the output of a module");
  if (result instanceof Promise) throw new UsageError("onForward: the listener is asynchronous; pass a synchronous one, and read tensors after the call");
}
