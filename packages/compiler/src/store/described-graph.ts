import type { Variable } from "@nn/tensor";
import type { ScalarFunction, TensorType } from "@nn/tensor/interpreter";
import { formatType, topologicalOrder, type ConstantNode, type Graph, type Node } from "../ir/graph.js";
import { hashOf } from "./hash.js";

/** A graph as text, and what the text names by number. Graphs with equal texts have equal programs. */
export interface DescribedGraph {
  readonly text: string;
  readonly inputs: ReadonlyMap<number, TensorType>;
  readonly variables: readonly Variable[];
  readonly constants: readonly ConstantNode[];
  /** The scalar functions of its primitives, by name. */
  readonly functions: ReadonlyMap<string, ScalarFunction>;
}

/** Describes everything in a graph on which its program depends. Host callbacks count only by their places. */
export function describeGraph(graph: Graph): DescribedGraph {
  const inputs = new Map<number, TensorType>();
  const variables = new Map<Variable, number>();
  const constants: ConstantNode[] = [];
  const functions = new Map<string, ScalarFunction>();
  const numbers = new Map<Node, number>();
  const variable = (which: Variable): number => {
    const number = variables.get(which) ?? variables.size;
    variables.set(which, number);
    return number;
  };
  const list = (nodes: readonly Node[]): string => nodes.map((node) => numbers.get(node)).join();
  const describe = (node: Node): string => {
    switch (node.kind) {
      case "input":
        inputs.set(node.index, node.type);
        return `input ${node.index}`;
      case "constant":
        constants.push(node);
        return `constant ${hashOf(new Uint8Array(node.data.buffer, node.data.byteOffset, node.data.byteLength))}`;
      case "state": return `variable ${variable(node.variable)}`;
      case "primitive": {
        const { primitive, definition: { scalarFunction }, attributes, location } = node;
        if (scalarFunction !== undefined) functions.set(primitive, scalarFunction);
        return `${primitive} ${list(node.inputs)} ${textOf(attributes)} ${JSON.stringify(location)}`;
      }
    }
  };
  const lines = topologicalOrder(graph).map((node, number) => {
    numbers.set(node, number);
    return `${formatType(node.type)} ${describe(node)}`;
  });
  const writes = graph.writes.map(({ variable: written, value }) => `${variable(written)} ${list([value])}`);
  const results = [`outputs ${list(graph.outputs)}`, `writes ${writes.join()}`, `callbacks ${list(graph.hostCallbacks)}`, `checks ${list(graph.checks)}`];
  const types = Array.from(variables.keys(), formatType);
  return { text: [...lines, ...results, ...types].join("\n"), inputs, variables: [...variables.keys()], constants, functions };
}

/** Attributes as text. Only host callbacks have functions among them. */
function textOf(value: unknown): string {
  if (typeof value === "function") return "callback";
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value === "object" && value !== null) return `{${Object.entries(value).map(([name, item]) => `${name}:${textOf(item)}`).join()}}`;
  if (typeof value === "string") return JSON.stringify(value);
  return Object.is(value, -0) ? "-0" : String(value);
}
