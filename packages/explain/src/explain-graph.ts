import { ArgumentError, isTensor, ShapeError, tensor, UsageError, type Tensor, type TensorValues } from "@nn/tensor";
import { describeValue, formatShape, isFloat, messageOf, requireKind, requireOptions, requireSynchronous, type OptionKinds } from "@nn/tensor/extend";
import { currentInterpreter, eagerInterpreter, withInterpreter } from "@nn/tensor/interpreter";
import { requireGradientsOfAutograd } from "./check.js";
import { GraphBuilder } from "./builder.js";
import type { ComputationalGraph } from "./graph.js";
import { Recorder } from "./recorder.js";
import { unitsOf } from "./units.js";

/** The values of the inputs of a function, by name: numbers, arrays or tensors. They are converted to float64. */
export type GraphInputs = Readonly<Record<string, TensorValues | Tensor>>;

/** The inputs of a function as tensors. */
export type GraphTensors<Inputs extends GraphInputs> = { readonly [Name in keyof Inputs]: Tensor };

/** Options of {@link explainGraph}. */
export interface ExplainGraphOptions {
  /** Whether composed operations are one node (`"whole"`, the default), or the operations that they consist of (`"apart"`): those named by `composed`, sigmoid, tanh. */
  readonly composed?: "whole" | "apart" | undefined;
}

const explainGraphOptions: OptionKinds<ExplainGraphOptions> = { composed: ["whole", "apart"] };

/**
 * The computational graph of a function of small inputs whose result is one number: the value of every node, the local gradient of every edge, and
 * the gradient that flows back, all in float64.
 *
 * The function runs on the inputs. Values that do not depend on them are constants, which are part of a label (`+ 1`). Movements of elements
 * (reshape, slice, broadcasting) are part of the edges. Variables that the function reads, such as the parameters of a model, are inputs too. The
 * function runs a second time, to compare the gradients with those of `@nn/autograd`.
 *
 * @example
 * ```ts
 * import { explainGraph } from "@nn/explain";
 * // Two apples at 100 each, and a tax of 10 %.
 * const graph = explainGraph(({ price, count, tax }) => price.mul(count).mul(tax), { price: 100, count: 2, tax: 1.1 });
 * graph.nodes.map(({ name, value }) => [name, value.item()]); // => [["price", 100], ["count", 2], ["tax", 1.1], ["mul", 200], ["mul", 220]]
 * graph.nodes.slice(0, 3).map(({ gradient }) => gradient.item()); // => [2.2, 110, 200]
 * ```
 * @throws ArgumentError for inputs that are not an object of values, and local gradients with more than 100,000 numbers; ShapeError if the result is
 * not one number; UsageError if the result does not depend on the inputs, if the function writes variables or draws random numbers, if it has a
 * custom gradient (`customVjp`), or inside of compiled functions and gradients.
 */
export function explainGraph<const Inputs extends GraphInputs>(
  fn: (inputs: GraphTensors<Inputs>) => Tensor, inputs: Inputs, options: ExplainGraphOptions = {},
): ComputationalGraph {
  requireKind("explainGraph", "the first argument", fn, "function");
  requireOptions("explainGraph", options, explainGraphOptions);
  if (currentInterpreter() !== eagerInterpreter()) throw new UsageError("explainGraph: values are not known inside of compiled functions and gradients; call it outside");
  const named = inputsOf(inputs);
  const recorder = new Recorder(options.composed === "apart");
  const given = Object.fromEntries(named) as GraphTensors<Inputs>;
  const result = withInterpreter(recorder, () => requireSynchronous("explainGraph", "the function", fn(given)));
  requireOneNumber(result);
  const builder = new GraphBuilder();
  for (const [name, value] of named) builder.addInput(name, value);
  for (const [at, [{ name }, value]] of [...recorder.variables].entries()) builder.addInput(name ?? `variable ${at}`, value);
  for (const unit of unitsOf(recorder.steps, result)) builder.addUnit(unit);
  const graph = builder.finish(result);
  requireGradientsOfAutograd((tensors) => fn(tensors as GraphTensors<Inputs>), { graph, inputs: named, variables: recorder.variables, result });
  return graph;
}

/** The inputs as tensors of float64, each a new one: two inputs may be the same tensor. */
function inputsOf(inputs: GraphInputs): readonly (readonly [name: string, value: Tensor])[] {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs) || ArrayBuffer.isView(inputs) || isTensor(inputs)) throw new ArgumentError(`explainGraph: the inputs are ${describeValue(inputs)}, expected ${example}`);
  const named = Object.entries(inputs);
  if (named.length === 0) throw new ArgumentError(`explainGraph: there are no inputs, expected ${example}`);
  return named.map(([name, value]) => [name, inputTensor(name, value)] as const);
}

const example = "an object of named values, as in explainGraph(({ x }) => x.square(), { x: 3 })";

function inputTensor(name: string, value: TensorValues | Tensor): Tensor {
  if (isTensor(value)) return value.cast("float64").detach();
  try {
    return tensor(value, { dtype: "float64" });
  } catch (error) {
    throw new ArgumentError(`explainGraph: the input "${name}" is ${describeValue(value)}, expected a number, an array of numbers or a tensor (${messageOf(error)})`);
  }
}

function requireOneNumber(result: unknown): asserts result is Tensor {
  if (!isTensor(result)) throw new UsageError(`explainGraph: the function returned ${describeValue(result)}, expected a tensor`);
  if (result.size !== 1) throw new ShapeError(`explainGraph: the function's result has shape ${formatShape(result.shape)}, expected one number; reduce it with .sum() or .mean()`);
  if (!isFloat(result.dtype)) throw new UsageError(`explainGraph: the function's result has dtype ${result.dtype}, which has no gradient; return a floating-point number`);
}
