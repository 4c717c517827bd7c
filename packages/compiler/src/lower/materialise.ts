import { sizeOf } from "@nn/tensor/extend";
import { at } from "../ir/at.js";
import { elementCost } from "../ir/cost.js";
import { isOf, resultsOf, topologicalOrder, uniformValue, usersOf, type Graph, type Node } from "../ir/graph.js";
import { isIota } from "../ir/indices.js";
import { isKind } from "../ir/op-kinds.js";
import { isScalar } from "../ir/vectorizable.js";

/** The node in whose memory the elements of `node` lie. A reshape has the memory of its input. */
export function storageNode(node: Node): Node {
  return isOf(node, "reshape") ? storageNode(node.inputs[0]) : node;
}

/** The operands of a library kernel: its inputs, without the base of a scatter if that is zero everywhere. */
export function operandsOf(node: Node): readonly Node[] {
  const fromZero = isOf(node, "scatterAdd") && Object.is(uniformValue(node.inputs[0]), 0);
  return fromZero ? node.inputs.slice(1) : node.inputs;
}

/** Above this cost, computing a value again takes longer than writing and reading it. */
const recomputeLimit = 8;

/** The longest chain of operations that is computed in registers. The functions that walk through expressions call themselves, and stacks are limited. */
const longestChain = 128;

/** The cost of a gather. */
const gatherCost = 4;

/** From this many elements on, vectors pay even if scalar values then need a kernel of their own. */
const worthVectors = 64;

/** Lines of fewer elements than this leave most of a loop's time outside of its vectors. */
const shortLine = 16;
/** From this many elements on, a copy with whole lines pays. */
const worthCopying = 2 ** 14;

/**
 * Whether neighbours of a permuted tensor lie in short lines, as in the gradient of a convolution's kernel, whose axes of channels change places. A loop over several tensors would then have the
 * short lines of this one for all, and one that writes and reads a tensor in place would wait at each line for the one before.
 */
export function hasShortLines(node: Node): boolean {
  if (!isOf(node, "permute")) return false;
  const { shape } = node.type;
  const { permutation } = node.attributes;
  const moved = permutation.findLastIndex((from, axis) => from !== axis && at(shape, axis) > 1);
  const line = sizeOf(shape.slice(moved + 1));
  return moved >= 0 && line > 1 && line < shortLine && sizeOf(shape) >= worthCopying;
}

function isScalarNode(node: Node): boolean {
  return isScalar(node.type.dtype, node.inputs.map(({ type }) => type.dtype), isKind(node, "elementwise", "function") ? node.primitive : undefined);
}

/**
 * The nodes whose values are written to memory: results, reductions, inputs and outputs of library kernels, inputs of gathers, values that are
 * costly to compute once for each user, ends of long chains of operations, permuted values with short lines that are read several times, and scalar values that vectors read. All other nodes are computed where they are used.
 */
export function materialisedNodes(graph: Graph): Set<Node> {
  const order = topologicalOrder(graph);
  const users = usersOf(order);
  const materialised = new Set<Node>(resultsOf(graph));
  const costs = new Map<Node, number>();
  const depths = new Map<Node, number>();
  for (const node of order) {
    if (node.kind !== "primitive" || isOf(node, "hostCallback")) continue;
    if (isKind(node, "library", "assembly", "reduction")) materialised.add(node);
    if (isKind(node, "library")) for (const input of operandsOf(node)) materialised.add(storageNode(input));
    if (isOf(node, "gather") && !isIota(node.inputs[0], node.attributes.axis)) materialised.add(storageNode(node.inputs[0]));
    // Boundary nodes, which have buffers anyway, cost nothing.
    const inputCosts = node.inputs.map((input) => (materialised.has(input) ? 0 : (costs.get(input) ?? 0)));
    const cost = ownCost(node) + inputCosts.reduce((sum, each) => sum + each, 0);
    costs.set(node, cost);
    const depth = 1 + Math.max(0, ...node.inputs.map((input) => (materialised.has(input) ? 0 : (depths.get(input) ?? 0))));
    depths.set(node, depth);
    if (depth >= longestChain) materialised.add(storageNode(node));
    const readers = users.get(node) ?? [];
    const isRepeated = readers.length > 1 || readers.some((user) => sizeOf(user.type.shape) > sizeOf(node.type.shape));
    if (cost > recomputeLimit && isRepeated) materialised.add(node);
    if (readers.length > 1 && hasShortLines(node)) materialised.add(node);
    if (isScalarNode(node) && readers.some((user) => sizeOf(user.type.shape) >= worthVectors && !isScalarNode(user))) materialised.add(node);
  }
  return materialised;
}

function ownCost(node: Node): number {
  if (isKind(node, "elementwise", "function")) return elementCost(node.primitive);
  return isOf(node, "gather") ? gatherCost : 0;
}
