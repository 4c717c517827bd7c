import { ArgumentError, isTensor } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { ComputationalGraph, GraphEdge, GraphNode } from "./graph.js";

const graphKinds: OptionKinds<ComputationalGraph> = { nodes: "list", edges: "list", output: "size" };

/** Throws unless a value is a graph as `explainGraph` returns it. */
export function requireGraph(operation: string, graph: ComputationalGraph): void {
  const wrong = (): ArgumentError => new ArgumentError(`${operation}: the graph is ${describeValue(graph)}, expected one that explainGraph returned`);
  if (typeof graph !== "object" || graph === null || isTensor(graph) || !Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) throw wrong();
  requireOptions(operation, graph, graphKinds);
  const { nodes, edges, output } = graph;
  if (nodes[output] === undefined || !nodes.every(isNode) || !edges.every((edge) => isEdge(edge, nodes.length))) throw wrong();
}

function isNode(node: GraphNode | undefined | null, at: number): boolean {
  return node?.id === at && typeof node.label === "string" && isTensor(node.value) && isTensor(node.gradient);
}

function isEdge(edge: GraphEdge | undefined | null, count: number): boolean {
  return Number.isSafeInteger(edge?.from) && Number.isSafeInteger(edge?.to) && Math.max(edge?.from ?? count, edge?.to ?? count) < count && isTensor(edge?.value) && isTensor(edge?.gradient);
}
