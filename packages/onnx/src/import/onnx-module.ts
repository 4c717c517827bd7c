import { isTensor, Variable, type Tensor } from "@nn/tensor";
import { currentScope, describeValue, inScope, isFloat, requireTensor } from "@nn/tensor/extend";
import { eagerInterpreter, withInterpreter } from "@nn/tensor/interpreter";
import { Module, Parameter } from "@nn/layers";
import { OnnxError } from "../onnx-error.js";
import { Call, type GraphNode, type Value } from "./call.js";
import { requireInput, type OnnxGraph, type OnnxValue } from "./model.js";
import { operators } from "./operators/table.js";

/**
 * A model that was read from an ONNX file; {@link fromOnnx} and {@link loadOnnx} make it.
 *
 * Floating-point tensors of the file with at least one axis are parameters, under their names in the file; the statistics of batch normalisations are buffers. Scalars, whole numbers, and
 * what decides about shapes are constants. The model computes what the file says in training mode too: batch normalisations use the statistics of the file, and nothing is dropped.
 */
export class OnnxModule extends Module {
  /** The inputs, in the order of the arguments of `forward`. */
  readonly inputs: readonly OnnxValue[];
  /** The outputs. */
  readonly outputs: readonly OnnxValue[];
  /** Texts by names that the file holds besides. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly #nodes: readonly GraphNode[];
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #constants: ReadonlyMap<string, Tensor>;

  /** @internal */
  constructor({ nodes, inputs, outputs, metadata }: Omit<OnnxGraph, "initializers">, tensors: ReadonlyMap<string, Tensor>) {
    super();
    this.inputs = inputs;
    this.outputs = outputs;
    this.metadata = metadata;
    this.#nodes = nodes;
    const roles = rolesOf(nodes);
    const isVariable = (name: string, { rank, dtype }: Tensor): boolean => rank > 0 && isFloat(dtype) && roles.get(name) !== "shape";
    const entries = [...tensors];
    this.#variables = new Map(entries.filter(([name, tensor]) => isVariable(name, tensor)).map(([name, tensor]) => [name, roles.get(name) === "statistic" ? new Variable(tensor, { name }) : new Parameter(tensor, { name })]));
    this.#constants = new Map(entries.filter(([name, tensor]) => !isVariable(name, tensor)));
  }

  /** The output of a model with one output, for its inputs in order. @throws OnnxError if the model has several outputs, or an input does not fit. */
  forward(...inputs: readonly Tensor[]): Tensor {
    const [output] = this.outputs;
    if (output === undefined || this.outputs.length > 1) throw new OnnxError(`OnnxModule: the model has the outputs ${this.outputs.map(({ name }) => name).join(", ")}; call run, which returns all of them by name`);
    if (inputs.length !== this.inputs.length) throw new OnnxError(`OnnxModule: got ${inputs.length} inputs, expected ${this.inputs.length}: ${this.inputs.map(({ name }) => name).join(", ")}`);
    const result = this.#run("OnnxModule", new Map(this.inputs.map(({ name }, at) => [name, inputs[at]])));
    return result.get(output.name)?.tensor ?? this.#missing(output.name);
  }

  /** All outputs by name, for inputs by name. @throws OnnxError if an input is missing, unknown or does not fit. */
  run(inputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    if (typeof inputs !== "object" || inputs === null || isTensor(inputs)) throw new OnnxError(`OnnxModule.run: got ${describeValue(inputs)}, expected an object with the inputs by name: ${this.inputs.map(({ name }) => name).join(", ")}`);
    const unknown = Object.keys(inputs).filter((given) => !this.inputs.some(({ name }) => name === given));
    if (unknown.length > 0) throw new OnnxError(`OnnxModule.run: there is no input ${unknown.join(", ")}; the inputs are ${this.inputs.map(({ name }) => name).join(", ")}`);
    const result = this.#run("OnnxModule.run", new Map(Object.entries(inputs)));
    return Object.fromEntries(this.outputs.map(({ name }) => [name, result.get(name)?.tensor ?? this.#missing(name)]));
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return this.#variables;
  }

  #run(what: string, inputs: ReadonlyMap<string, Tensor | undefined>): ReadonlyMap<string, Value> {
    const values = new Map<string, Value>([...this.#constants].map(([name, tensor]) => [name, { tensor, isKnown: true }]));
    const sizes = new Map<string, number>();
    for (const input of this.inputs) {
      const tensor = inputs.get(input.name);
      requireTensor(what, tensor, `the input ${input.name}`);
      requireInput(what, input, tensor as Tensor, sizes);
      values.set(input.name, { tensor: tensor as Tensor, isKnown: false });
    }
    for (const [name, variable] of this.#variables) values.set(name, { tensor: variable.value, isKnown: false });
    for (const node of this.#nodes) runNode(node, values);
    return values;
  }

  #missing(name: string): never {
    throw new OnnxError(`OnnxModule: the output ${name} was not computed`);
  }
}

/** What the tensors of a graph are for, where it is not that of a weight. */
function rolesOf(nodes: readonly GraphNode[]): ReadonlyMap<string, "shape" | "statistic"> {
  const roles = new Map<string, "shape" | "statistic">();
  for (const { opType, inputs } of nodes) {
    const { shapes = [], statistics = [] } = operators.get(opType) ?? {};
    for (const at of statistics) if (!roles.has(inputs[at] ?? "")) roles.set(inputs[at] ?? "", "statistic");
    for (const at of shapes) roles.set(inputs[at] ?? "", "shape");
  }
  return roles;
}

/** Runs a node. What depends only on constants and shapes is computed at once, also while a function is traced or its gradient is taken. */
function runNode(node: GraphNode, values: Map<string, Value>): void {
  const operator = operators.get(node.opType);
  const inputs = node.inputs.map((name) => values.get(name));
  const isKnown = operator?.isOfShapes === true || inputs.every((value) => value === undefined || value.isKnown);
  const call = new Call(node, inputs);
  const run = (): Tensor | readonly Tensor[] => operator?.run(call) ?? [];
  const path = [currentScope()?.path ?? "", `${node.opType} (${node.name})`].filter((part) => part !== "").join(".");
  const results = inScope({ path }, () => (isKnown ? withInterpreter(eagerInterpreter(), run) : run()));
  const tensors = isTensor(results) ? [results] : results;
  node.outputs.forEach((name, at) => {
    const tensor = tensors[at];
    if (name !== "" && tensor !== undefined) values.set(name, { tensor, isKnown });
  });
}
