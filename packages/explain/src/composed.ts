import { isTensor, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireSynchronous } from "@nn/tensor/extend";
import { currentRecorder } from "./recorder.js";

/**
 * Gives a function of tensors a name, so that `explainGraph` shows a call of it as one operation. With `composed: "apart"` it shows the operations
 * inside. Everywhere else the function computes what `fn` computes.
 *
 * @example
 * ```ts
 * import { softmax, type Tensor } from "@nn/tensor";
 * import { composed, explainGraph } from "@nn/explain";
 * const inputs = { scores: [1, 2, 3] };
 * const fn = ({ scores }: { readonly scores: Tensor }) => composed("softmax", (x: Tensor) => softmax(x))(scores).slice([0]);
 * explainGraph(fn, inputs).nodes.map(({ name }) => name); // => ["scores", "softmax"]
 * explainGraph(fn, inputs, { composed: "apart" }).nodes.length > 2; // => true
 * ```
 * @throws ArgumentError if the name is not a string or `fn` not a function; UsageError from the returned function if `fn` returns no tensor.
 */
export function composed<Inputs extends readonly unknown[]>(name: string, fn: (...inputs: Inputs) => Tensor): (...inputs: Inputs) => Tensor {
  requireKind("composed", "the name", name, "string");
  requireKind("composed", "the second argument", fn, "function");
  const run = (inputs: Inputs): Tensor => {
    const output = requireSynchronous("composed", `"${name}"`, fn(...inputs));
    if (!isTensor(output)) throw new UsageError(`composed: "${name}" returned ${describeValue(output)}, expected a tensor`);
    return output;
  };
  return (...inputs) => currentRecorder()?.compose(name, () => run(inputs)) ?? run(inputs);
}
