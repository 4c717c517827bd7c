import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireSynchronous } from "../arguments/synchronous.js";
import { dtypes, type DType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import * as primitives from "../primitives/all.js";
import { requireShape } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** The type of the result of a {@link hostCallback}. */
export interface HostCallbackOptions {
  /** The shape. Default: `[]`, a scalar. */
  readonly shape?: Shape | undefined;
  /** The element type. Default: float32. */
  readonly dtype?: DType | undefined;
}

const hostCallbackOptions: OptionKinds<HostCallbackOptions> = { shape: "any", dtype: dtypes };

/**
 * A value that JavaScript computes again for every execution: at once in eager execution, before each call in a compiled function. Use it for
 * what changes from step to step, such as a learning rate. Callbacks and effects run in the order of the program.
 *
 * `callback` returns a number for a scalar, otherwise the row-major elements. It should change nothing; use {@link hostEffect} for changes.
 *
 * All callbacks and effects of a compiled function run before its operations. So a callback throws a TraceError if it reads a variable that the
 * function has assigned, or assigns one that the function has read or assigned.
 *
 * @example
 * ```ts
 * import { hostCallback, tensor, type Tensor } from "@nn/tensor";
 * import { compile } from "@nn/compiler";
 *
 * let rate = 2;
 * const scaled = compile((x: Tensor) => x.mul(hostCallback(() => rate)));
 * scaled(tensor([1, 2])).toArray(); // => [2, 4]
 * rate = 10;
 * scaled(tensor([1, 2])).toArray(); // => [10, 20]
 * ```
 */
export function hostCallback(callback: () => number | readonly number[], options: HostCallbackOptions = {}): Tensor {
  requireKind("hostCallback", "the callback", callback, "function");
  requireOptions("hostCallback", options, hostCallbackOptions);
  const { shape = [], dtype = "float32" } = options;
  requireShape("hostCallback", shape, dtype);
  return apply(primitives.hostCallback, [], { shape: [...shape], dtype, callback: () => requireSynchronous("hostCallback", "the callback", callback()) });
}

/**
 * Declares a side effect on the host, such as counting a step. `effect` runs once for every execution, also of a compiled function. Callbacks and
 * effects run in the order of the program. Keep what the effect changes in a {@link HostState}, so that a call that fails changes nothing. Assign
 * variables outside the effect; {@link hostCallback} says which ones a compiled function refuses inside.
 *
 * @example
 * ```ts
 * import { hostCallback, hostEffect, HostState, tensor } from "@nn/tensor";
 * import { compile } from "@nn/compiler";
 *
 * const calls = new HostState(0);
 * const numbered = compile(() => {
 *   hostEffect(() => (calls.value += 1));
 *   return tensor([10, 20]).add(hostCallback(() => calls.value));
 * });
 * numbered().toArray(); // => [11, 21]
 * numbered().toArray(); // => [12, 22]
 * calls.value; // => 2
 * ```
 * @throws UsageError if the effect is asynchronous: what it does after the step would not be undone.
 */
export function hostEffect(effect: () => void): void {
  requireKind("hostEffect", "the effect", effect, "function");
  const callback = (): number => {
    requireSynchronous<unknown>("hostEffect", "the effect", effect());
    return 0;
  };
  apply(primitives.hostCallback, [], { shape: [], dtype: "float32", callback });
}
