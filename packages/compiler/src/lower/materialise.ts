import { sizeOf } from "@nn/tensor/extend";
import { elementCost } from "../ir/cost.js";
import { isOf, rootsOf, topologicalOrder, uniformValue, usersOf, type Graph, type Node } from "../ir/graph.js";
import { isPlaces } from "../ir/indices.js";
import { isKind } from "../ir/op-kinds.js";
import { isScalar } from "../ir/scalar.js";

/** The node in whose memory the elements of `node` lie. A reshape only counts the elements of its input by another shape. */
export function storageNode(node: Node): Node {
  return isOf(node, "reshape") ? storageNode(node.inputs[0]) : node;
}

/** What a library kernel reads from memory: its inputs, without the base of a scatter that begins with zeros. */
export function operandsOf(node: Node): readonly Node[] {
  const fromZero = isOf(node, "scatterAdd") && Object.is(uniformValue(node.inputs[0]), 0);
  return fromZero ? node.inputs.slice(1) : node.inputs;
}

/** Above this cost, computing a value again takes longer than writing and reading it. */
const recomputeLimit = 8;

/** The cost of a read at a computed place. */
const gatherCost = 4;

/** From so many elements on it pays to compute them in vectors, even where that takes another kernel for what has no vector form. */
const worthVectors = 64;

function isScalarNode(node: Node): boolean {
  return isScalar(node.type.dtype, node.inputs.map(({ type }) => type.dtype), isKind(node, "elementwise", "function") ? node.primitive : undefined);
}

/**
 * The nodes whose values are written to memory: results, reductions, what library kernels read and write, what gathers read, values that
 * would be costly to compute once for each user, and what has no vector form but is used by what has. All others are computed
 * where they are used.
 */
export function materialisedNodes(graph: Graph): Set<Node> {
  const order = topologicalOrder(graph);
  const users = usersOf(order);
  const materialised = new Set<Node>(rootsOf(graph));
  const costs = new Map<Node, number>();
  for (const node of order) {
    if (node.kind !== "primitive" || isOf(node, "host")) continue;
    if (isKind(node, "library", "assembly", "reduction")) materialised.add(node);
    if (isKind(node, "library")) for (const input of operandsOf(node)) materialised.add(storageNode(input));
    if (isOf(node, "gather") && !isPlaces(node.inputs[0], node.attributes.axis)) materialised.add(storageNode(node.inputs[0]));
    // Boundary nodes, which have buffers anyway, cost nothing.
    const inputCosts = node.inputs.map((input) => (materialised.has(input) ? 0 : (costs.get(input) ?? 0)));
    const cost = ownCost(node) + inputCosts.reduce((sum, each) => sum + each, 0);
    costs.set(node, cost);
    const readers = users.get(node) ?? [];
    const isRepeated = readers.length > 1 || readers.some((user) => sizeOf(user.type.shape) > sizeOf(node.type.shape));
    if (cost > recomputeLimit && isRepeated) materialised.add(node);
    if (isScalarNode(node) && readers.some((user) => sizeOf(user.type.shape) >= worthVectors && !isScalarNode(user))) materialised.add(node);
  }
  return materialised;
}

function ownCost(node: Node): number {
  if (isKind(node, "elementwise", "function")) return elementCost(node.primitive);
  return isOf(node, "gather") ? gatherCost : 0;
}
