import { sizeOf } from "@nn/tensor/extend";
import { at } from "../ir/at.js";
import { isOf, resultsOf, topologicalOrder, type Graph, type Node } from "../ir/graph.js";
import { elementsOf, isIndexing, type Indexing } from "../ir/indices.js";

/** Removes the checks that the rest of the graph makes anyway. */
export function removeCoveredChecks(graph: Graph): Graph {
  if (graph.checks.length === 0) return graph;
  const others = { ...graph, checks: [] };
  const whole = computedWhole(others);
  /** The length of the shortest axis for which the elements of a node are checked. */
  const checked = new Map<Node, number>();
  const note = ({ inputs: [x, index], attributes: { axis } }: Indexing): boolean => {
    const [source, size] = [elementsOf(index), at(x.type.shape, axis)];
    const known = checked.get(source) ?? Infinity;
    if (size < known) checked.set(source, size);
    return known <= size;
  };
  for (const node of topologicalOrder(others)) if (isIndexing(node) && whole.has(node)) note(node);
  return { ...graph, checks: graph.checks.filter((node) => (isIndexing(node) ? !note(node) : !whole.has(node))) };
}

/** The nodes of which the program computes every element. */
function computedWhole(graph: Graph): Set<Node> {
  const whole = new Set(resultsOf(graph));
  for (const node of topologicalOrder(graph).toReversed()) {
    if (!whole.has(node) || sizeOf(node.type.shape) === 0) whole.delete(node);
    else if (readsAll(node)) for (const input of node.inputs) whole.add(input);
  }
  return whole;
}

/** Whether a node reads all of its inputs. */
function readsAll(node: Node): boolean {
  if (isOf(node, "pad")) return [...node.attributes.low, ...node.attributes.high].every((count) => count >= 0);
  return !isOf(node, "slice");
}
