import { allFeatures } from "../features/all-features.js";
import { targetOf } from "../features/target.js";
import { compileWith, type Compiled, type CompileOptions } from "./compile-with.js";

const target = /* @__PURE__ */ targetOf(allFeatures);

/**
 * Compiles `fn` to one WebAssembly function: forward pass, gradients, and updates of variables together.
 *
 * The first call with arguments of certain shapes, dtypes and plain values runs `fn` once and records what it does. The recorded
 * program is simplified, fused, laid out in memory, and emitted. Later calls with the same signature only run the program. Variables are
 * updated in place. Host values (learning rates, random positions) are computed for each call. Plain state that is read through `guard`
 * (a training flag) selects the program. So does `this`: a compiled method has a program for each object. Inside another
 * compiled function or a gradient, the function becomes part of that one.
 *
 * @throws UsageError if `fn` is not a function; ArgumentError if `threads` is not a whole number from 1 to 64.
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
