import { allFeatures } from "../features/all-features.js";
import { targetOf } from "../features/target.js";
import { compileWith, type Compiled, type CompileOptions } from "./compile-with.js";

const target = /* @__PURE__ */ targetOf(allFeatures);

/**
 * Makes one WebAssembly function of `fn`: forward pass, gradients, and updates of variables together.
 *
 * At the first call with arguments of some shapes, dtypes and plain values, `fn` is run once to see what it does; the program is
 * then simplified, fused, laid out in memory and emitted. Later calls of the same signature only run the program. Variables are
 * read and updated where they live; host values (learning rates, random positions) are computed anew for each call; plain state that
 * was read through `guard` (a training flag) selects the program. Inside another compiled function or a gradient, the
 * function is simply part of that.
 *
 * @throws UsageError if `fn` is no function, ArgumentError if `threads` is no number of threads.
 * @throws TraceError where `fn` reads the value of a tensor, keeps one, or creates a Variable.
 *
 * @example
 * ```ts
 * import { tensor, Variable, type Tensor } from "@nn/tensor";
 * import { compile } from "@nn/compiler";
 *
 * const total = new Variable(tensor([0, 0]));
 * const accumulate = compile((x: Tensor) => {
 *   total.value = total.value.add(x.mul(x));
 *   return total.value.sum();
 * });
 * accumulate(tensor([1, 2])).item(); // => 5
 * accumulate(tensor([1, 2])).item(); // => 10
 * total.value.toArray(); // => [2, 8]
 * ```
 */
export function compile<A extends readonly unknown[], R>(fn: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  return compileWith(target, fn, options);
}
