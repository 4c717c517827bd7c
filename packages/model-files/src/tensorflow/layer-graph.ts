import { Module } from "@nn/layers";
import { ArgumentError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, isPlainObject, quote, requireKind } from "@nn/tensor/extend";

/** One use of a layer in a {@link LayerGraph}. */
export interface GraphNode {
  /** The name of the layer. */
  readonly layer: string;
  /** The numbers of its inputs: first those of the model, then the results of the nodes, in order. */
  readonly inputs: readonly number[];
  /** How many results it has: a layer with several returns a list. Default 1. */
  readonly results?: number | undefined;
}

/** A model of layers that are connected as a graph, as functional models of Keras are: with shortcuts, branches, shared layers, several inputs or outputs. */
export class LayerGraph extends Module {
  /** The layers by their names. One with several inputs takes them as its arguments. */
  readonly layers: Readonly<Record<string, Module>>;
  /** How many inputs `forward` takes. */
  readonly inputCount: number;
  readonly #nodes: readonly GraphNode[];
  readonly #outputs: readonly number[];

  /** @throws ArgumentError if a node uses a layer or a result that there is not. */
  constructor(layers: Readonly<Record<string, Module>>, inputCount: number, nodes: readonly GraphNode[], outputs: readonly number[]) {
    super();
    requireGraph(layers, inputCount, nodes, outputs);
    this.layers = layers;
    this.inputCount = inputCount;
    this.#nodes = nodes;
    this.#outputs = outputs;
  }

  /** The uses of the layers, in order. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** The numbers of the results. */
  get outputs(): readonly number[] {
    return this.#outputs;
  }

  /** The result, or a list of results if the model has several. */
  forward(...inputs: Tensor[]): Tensor | Tensor[] {
    if (inputs.length !== this.inputCount) throw new UsageError(`LayerGraph: got ${inputs.length} inputs, expected ${this.inputCount}`);
    const values = [...inputs];
    const valueAt = (at: number): Tensor => values[at] as Tensor;
    for (const { layer, inputs: from, results = 1 } of this.#nodes) {
      const used = this.layers[layer] as Module;
      const made = [Reflect.apply(used.forward, used, from.map(valueAt)) as Tensor | Tensor[]].flat();
      if (made.length !== results) throw new UsageError(`LayerGraph: the layer ${quote(layer)} returned ${made.length} results, but its node says ${results}`);
      values.push(...made);
    }
    const [only, ...others] = this.#outputs.map(valueAt);
    return others.length === 0 ? (only as Tensor) : [only as Tensor, ...others];
  }
}

/** @throws ArgumentError unless every node uses a layer and results that there are. */
function requireGraph(layers: unknown, inputCount: number, nodes: readonly GraphNode[], outputs: readonly number[]): void {
  requireKind("LayerGraph", "inputCount", inputCount, "count");
  requireKind("LayerGraph", "nodes", nodes, "list");
  requireKind("LayerGraph", "outputs", outputs, "list");
  const byName: Readonly<Record<string, unknown>> = isPlainObject(layers) ? layers : {};
  if (!isPlainObject(layers) || !Object.values(byName).every((layer) => layer instanceof Module)) throw new ArgumentError(`LayerGraph: layers is ${describeValue(layers)}, expected an object of modules by their names`);
  let known = inputCount;
  const isBefore = (count: number) => (at: unknown): boolean => Number.isSafeInteger(at) && (at as number) >= 0 && (at as number) < count;
  for (const [at, node] of nodes.entries()) {
    if (!isPlainObject(node) || !Array.isArray(node.inputs)) throw new ArgumentError(`LayerGraph: node ${at} is ${describeValue(node)}, expected { layer, inputs }`);
    if (typeof node.layer !== "string" || !Object.hasOwn(byName, node.layer)) throw new ArgumentError(`LayerGraph: node ${at} uses the layer ${describeValue(node.layer)}, which there is not`);
    if (!node.inputs.every(isBefore(known))) throw new ArgumentError(`LayerGraph: node ${at} takes ${describeValue(node.inputs)}, expected numbers of inputs and of earlier nodes`);
    if (node.results !== undefined) requireKind("LayerGraph", `results of node ${at}`, node.results, "count");
    known += node.results ?? 1;
  }
  if (outputs.length === 0 || !outputs.every(isBefore(known))) throw new ArgumentError(`LayerGraph: outputs are ${describeValue(outputs)}, expected numbers of inputs and nodes`);
}
