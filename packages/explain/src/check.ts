import { valueAndGrad } from "@nn/autograd";
import { UsageError, type Tensor, type Variable } from "@nn/tensor";
import { frozenIndices } from "@nn/tensor/extend";
import { currentInterpreter, withInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { textOf } from "./draw/text.js";
import type { ComputationalGraph, GraphNode } from "./graph.js";

/** Reads variables as the float64 values that the graph has. */
class ExactVariables implements Interpreter {
  readonly below: Interpreter;
  readonly #values: ReadonlyMap<Variable, Tensor>;

  constructor(below: Interpreter, values: ReadonlyMap<Variable, Tensor>) {
    this.below = below;
    this.#values = values;
  }

  guard: Interpreter["guard"] = (read) => this.below.guard(read);
  bind = <P extends Primitive>(application: Application<P>): Tensor => this.below.bind(application);
  read = (variable: Variable): Tensor => this.#values.get(variable) ?? this.below.read(variable);
  write = (variable: Variable, value: Tensor): void => this.below.write(variable, value);
}

/** The graph, and the inputs that it was made from. */
export interface Explained {
  readonly graph: ComputationalGraph;
  /** Names and values of the inputs. */
  readonly inputs: readonly (readonly [name: string, value: Tensor])[];
  readonly variables: ReadonlyMap<Variable, Tensor>;
  readonly result: Tensor;
}

/**
 * Runs the function again, and compares value and gradients with those of the graph. They differ if the function draws random numbers, or has a custom
 * gradient, which the primitives inside do not show.
 */
export function requireGradientsOfAutograd(fn: (inputs: Readonly<Record<string, Tensor>>) => Tensor, { graph, inputs, variables, result }: Explained): void {
  const run = (values: readonly Tensor[]): Tensor => fn(Object.fromEntries(inputs.map(([name], at) => [name, values[at] ?? result])));
  const given = inputs.map(([, value]) => value);
  const read = [...variables.keys()];
  const frozen = frozenIndices(read);
  const trained = read.filter((_, at) => !frozen.has(at));
  withInterpreter(new ExactVariables(currentInterpreter(), variables), () => {
    const { value, gradients } = valueAndGrad((...values) => run(values), given, { strict: false });
    requireSame(value, result, "value", 1e-9, "it draws random numbers or depends on state that changes; make such values inputs");
    const nodes = graph.nodes.filter(({ kind }) => kind === "input");
    gradients.forEach((gradient, at) => requireGradient(nodes[at], gradient, 1e-9));
    if (trained.length === 0) return;
    const ofVariables = valueAndGrad(() => run(given), trained, { strict: false }).gradients;
    // The gradient of a float32 variable is float32.
    trained.forEach((variable, at) => requireGradient(nodes[given.length + read.indexOf(variable)], ofVariables[at] ?? result, 1e-5));
  });
}

function requireGradient(node: GraphNode | undefined, expected: Tensor, tolerance: number): void {
  if (node === undefined) return;
  requireSame(node.gradient, expected, `gradient with respect to ${node.name}`, tolerance, "it has a gradient of its own (customVjp), which its operations do not show; call the function that customVjp wraps");
}

function requireSame(found: Tensor, expected: Tensor, what: string, tolerance: number, why: string): void {
  const [difference, size] = [found.sub(expected).abs().max().item(), expected.abs().max().item()];
  // NaN and infinite values are shown as they are.
  if (!Number.isFinite(difference) || difference <= tolerance * Math.max(1, size)) return;
  throw new UsageError(`explainGraph: the function's ${what} is ${textOf(expected)}, and that of the graph is ${textOf(found)}: ${why}`);
}
