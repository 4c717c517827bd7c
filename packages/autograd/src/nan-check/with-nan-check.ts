import { atomically, isTensor, type Tensor } from "@nn/tensor";
import { isPlainObject, requireSynchronous } from "@nn/tensor/extend";
import { currentInterpreter, withInterpreter, type Interpreter } from "@nn/tensor/interpreter";
import { requireFunction } from "../requirements.js";
import { FiniteChecker } from "./finite-checker.js";

/**
 * The same function, except that it throws if its result, or the new value of a variable, is NaN or infinite. The error says where the number first appeared:
 * the operation, the module, whether it was in the forward pass or in the gradient of an operation, the ranges of the inputs, and the line of your program.
 *
 * It computes eagerly and checks every number, also those inside compiled functions. That is slow: use it to find a fault, not to train. An infinity or NaN
 * that has no effect on a result, such as one that is masked, is not an error. A call that fails changes no variable. PyTorch: `detect_anomaly`, which checks
 * only gradients.
 *
 * @example
 * ```ts
 * import { log, tensor, Variable } from "@nn/tensor";
 * import { valueAndGrad, withNaNCheck } from "@nn/autograd";
 * const weight = new Variable(tensor([1, 0]), { name: "weight" });
 * const step = withNaNCheck(() => valueAndGrad(() => log(weight.value).mul(weight.value).sum(), [weight]).value);
 * step(); // throws: log gives -Infinity at [1] of [2] of float32 [2] (0 to 1)
 * ```
 * @throws NonFiniteError, when called, if a result or a new value of a variable is not finite; TraceError inside a compiled function, where values are not
 * known: check the compiled function instead.
 */
export function withNaNCheck<This, Args extends readonly unknown[], Result>(fn: (this: This, ...args: Args) => Result): (this: This, ...args: Args) => Result {
  requireFunction("withNaNCheck", fn, "withNaNCheck((x, y) => step(x, y))");
  return function (this: This, ...args: Args): Result {
    for (let at: Interpreter | undefined = currentInterpreter(); at !== undefined; at = at.below) {
      at.refuseHostEffect?.("withNaNCheck: numbers would be checked", "check the compiled function instead: withNaNCheck(compile(fn))");
    }
    const checker = new FiniteChecker();
    for (const [tensor, path] of tensorsIn(args)) checker.noteGiven(tensor, `the argument ${path}`);
    return atomically(() => {
      const result = withInterpreter(checker, () => requireSynchronous("withNaNCheck", "the function", Reflect.apply(fn, this, args) as Result));
      for (const [tensor, path] of tensorsIn([result])) checker.require(tensor, path === "0" ? "the result" : `the result ${path.slice(2)}`);
      return result;
    });
  };
}

/** The tensors in lists and records, each with its path. */
function* tensorsIn(value: unknown, path = "", seen = new Set<unknown>()): Generator<readonly [tensor: Tensor, path: string]> {
  if (isTensor(value)) yield [value, path];
  else if ((Array.isArray(value) || isPlainObject(value)) && !seen.has(value)) {
    seen.add(value);
    for (const [key, each] of Object.entries(value)) yield* tensorsIn(each, path === "" ? key : `${path}.${key}`, seen);
  }
}
