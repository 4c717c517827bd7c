import { sizeOf } from "@nn/tensor";
import * as primitives from "@nn/tensor/primitives";
import type { GraphBuilder } from "../builder.js";
import { isOf, rootsOf, topologicalOrder, uniformValue, type ApplicationNode, type Graph, type Node, type PrimitiveNode } from "../graph.js";
import { placesAlong } from "./first-extreme.js";

// Some primitives fail for some inputs: indices may be out of range, whole numbers have no remainder by 0. Eager execution computes all
// that a function says, and fails then. A program leaves out what nothing reads, computes only what is read of the rest, and writes
// some primitives down by others; so what may fail is kept beside it, as a check, until it is known that the program fails by itself.

/** A primitive that reads or adds at computed places. */
export type Indexing = ApplicationNode<"gather"> | ApplicationNode<"scatterAdd">;

/** Whether a node reads or adds at computed places. */
export function isIndexing(node: Node): node is Extract<PrimitiveNode, Indexing> {
  return isOf(node, "gather") || isOf(node, "scatterAdd");
}

/** What fails where `node` fails, if it can: itself, or for an index the places that it names, read from the list of all places. */
export function checkOf(builder: GraphBuilder, node: Node): Node | undefined {
  if (isIndexing(node)) {
    const { inputs: [x, index], attributes: { axis, report = { operation: node.primitive } } } = node;
    const shape = index.type.shape.with(axis, x.type.shape[axis] ?? 0);
    if (sizeOf(index.type.shape) === 0 || isWithin(index, shape[axis] ?? 0)) return undefined;
    const places = builder.apply(primitives.expand, [placesAlong(builder, shape, axis)], { shape });
    return builder.apply(primitives.gather, [places, index], { axis, report });
  }
  if (isOf(node, "remainder") || isOf(node, "pow")) {
    if (node.type.dtype !== "int32") return undefined;
    const y = uniformValue(node.inputs[1]);
    return y !== undefined && (node.primitive === "pow" ? y >= 0 : y !== 0) ? undefined : node;
  }
  return undefined;
}

/** Whether a node is the list of all places along an axis, `0, 1, 2, …`: what is gathered from it is the index itself, checked. */
export function isPlaces(node: Node, axis: number): boolean {
  const list = isOf(node, "expand") ? node.inputs[0] : node;
  const source = isOf(list, "reshape") ? list.inputs[0] : list;
  if (!isOf(source, "iota") || source.type.dtype !== "int32" || list.type.shape.length !== node.type.shape.length) return false;
  return [list, node].every(({ type }) => type.shape[axis] === source.attributes.length);
}

/** The node whose elements, all of them and no others, a node has in another order or more often. */
export function elementsOf(node: Node): Node {
  return isOf(node, "reshape") || isOf(node, "expand") || isOf(node, "permute") || isOf(node, "flip") ? elementsOf(node.inputs[0]) : node;
}

/** Whether the elements of an index are known to be from 0 to below `size`. */
export function isWithin(index: Node, size: number): boolean {
  const node = elementsOf(index);
  if (isOf(node, "slice")) return isWithin(node.inputs[0], size);
  if (node.kind === "constant") return node.data.every((value: number) => value >= 0 && value < size);
  if (isOf(node, "full")) return node.attributes.value >= 0 && node.attributes.value < size;
  if (isOf(node, "iota")) return node.attributes.length <= size;
  if (isOf(node, "argSort") || isOf(node, "argMax") || isOf(node, "argMin")) return (node.inputs[0].type.shape[node.attributes.axis] ?? 0) <= size;
  return false;
}

/** The graph without the checks that its other nodes make anyway. */
export function withoutCoveredChecks(graph: Graph): Graph {
  const others = { ...graph, checks: [] };
  const whole = computedWhole(others);
  /** How long the shortest axis is for which the elements of a node are checked. */
  const checked = new Map<Node, number>();
  const note = ({ inputs: [x, index], attributes: { axis } }: Indexing): boolean => {
    const [source, size] = [elementsOf(index), x.type.shape[axis] ?? 0];
    const known = checked.get(source) ?? Infinity;
    if (size < known) checked.set(source, size);
    return known <= size;
  };
  for (const node of topologicalOrder(others)) if (isIndexing(node) && whole.has(node)) note(node);
  return { ...graph, checks: graph.checks.filter((node) => (isIndexing(node) ? !note(node) : !whole.has(node))) };
}

/** The nodes of which a program needs every element, and computes it. */
function computedWhole(graph: Graph): Set<Node> {
  const whole = new Set(rootsOf(graph));
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
