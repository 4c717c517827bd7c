import { sizeOf } from "@nn/tensor";
import { isOf, rootsOf, topologicalOrder, uniformValue, usersOf, type Graph, type Node } from "../ir/graph.js";
import { isPlaces } from "../ir/indices.js";
import { isKind } from "../ir/op-kinds.js";
import { elementCost } from "../ir/cost.js";
import { isScalar } from "../ir/scalar.js";

/** The node whose elements, as they lie in memory, are those of `node`: a reshape only counts them otherwise. */
export function storedNode(node: Node): Node {
  return isOf(node, "reshape") ? storedNode(node.inputs[0]) : node;
}

/** What a kernel of its own reads from memory: its inputs, without the zeros that a scatter begins with. */
export function operandsOf(node: Node): readonly Node[] {
  const fromZero = isOf(node, "scatterAdd") && Object.is(uniformValue(node.inputs[0]), 0);
  return fromZero ? node.inputs.slice(1) : node.inputs;
}

/** Above this, computing a value again costs more than writing and reading it. */
const recomputeLimit = 8;

/** Elements from which on it pays to compute them in vectors, though it takes another kernel for what is scalar. */
const vectorsPay = 64;

function isScalarNode(node: Node): boolean {
  return isScalar(node.type.dtype, node.inputs.map(({ type }) => type.dtype), isKind(node, "elementwise", "function") ? node.primitive : undefined);
}

/**
 * The nodes whose values are written to memory when each loop kernel computes only one: results, what kernels of their own
 * read and write, reductions, values that would be costly to compute once for each user, and what has no vector form but is used by
 * what has. The others are computed where they are used.
 */
export function chooseRoots(graph: Graph): Set<Node> {
  const order = topologicalOrder(graph);
  const users = usersOf(order);
  const roots = new Set<Node>(rootsOf(graph));
  const cost = new Map<Node, number>();
  for (const node of order) {
    if (node.kind !== "primitive" || isOf(node, "host")) continue;
    if (isKind(node, "library", "assembly", "reduction")) roots.add(node);
    if (isKind(node, "library")) operandsOf(node).forEach((input) => roots.add(storedNode(input)));
    if (isOf(node, "gather") && !isPlaces(node.inputs[0], node.attributes.axis)) roots.add(storedNode(node.inputs[0]));
    let total = isKind(node, "elementwise", "function") ? elementCost(node.primitive) : node.primitive === "gather" ? 4 : 0;
    for (const input of node.inputs) total += roots.has(input) ? 0 : (cost.get(input) ?? 0);
    const readers = users.get(node) ?? [];
    const repeated = readers.length > 1 || readers.some((user) => sizeOf(user.type.shape) > sizeOf(node.type.shape));
    if (total > recomputeLimit && repeated) roots.add(node);
    if (isScalarNode(node) && readers.some((user) => sizeOf(user.type.shape) >= vectorsPay && !isScalarNode(user))) roots.add(node);
    cost.set(node, total);
  }
  return roots;
}
