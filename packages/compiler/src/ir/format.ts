import type { Primitive } from "@nn/tensor/interpreter";
import { formatType, topologicalOrder, type ApplicationNode, type Graph, type Node } from "./graph.js";

/**
 * A graph for people: a line for each node, `%3 = matmul(%0, %2) { transposeB: true } : f32[4, 8]`, inputs before their users, then what
 * the results. Nodes are numbered in the order in which they are listed.
 */
export function formatGraph(graph: Graph): string {
  const order = topologicalOrder(graph);
  const numbers = new Map(order.map((node, number) => [node, number]));
  const name = (node: Node): string => `%${numbers.get(node)}`;
  const list = (nodes: readonly Node[]): string => nodes.map(name).join(", ");
  const lines = order.map((node) => `${name(node)} = ${describe(node, list(node.inputs))} : ${formatType(node.type)}`);
  const writes = graph.writes.map(({ variable, value }) => `write ${variable.name ?? "a variable"} = ${name(value)}`);
  const checks = graph.checks.length === 0 ? [] : [`check ${list(graph.checks)}`];
  return [...lines, ...writes, ...checks, `return ${list(graph.outputs)}`].join("\n").trimEnd();
}

function describe(node: Node, inputs: string): string {
  switch (node.kind) {
    case "input": return `input ${node.index}`;
    case "constant": return "constant";
    case "state": return `variable${node.variable.name === undefined ? "" : ` ${node.variable.name}`}`;
    case "primitive": return `${node.primitive}(${inputs})${formatAttributes(node)}`;
  }
}

/** Attributes that the type does not already tell. */
function formatAttributes({ attributes }: ApplicationNode<Primitive>): string {
  const told = new Set(["shape", "dtype", "callback", "report"]);
  const all: readonly (readonly [string, unknown])[] = Object.entries(attributes);
  const entries = all.filter(([key, value]) => !told.has(key) && value !== undefined);
  return entries.length === 0 ? "" : ` { ${entries.map(([key, value]) => `${key}: ${format(value)}`).join(", ")} }`;
}

function format(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(format).join(", ")}]` : Object.is(value, -0) ? "-0" : String(value);
}
