import * as primitives from "@nn/tensor/primitives";
import { at } from "./at.js";
import type { GraphBuilder } from "./builder.js";
import { isOf, type ApplicationNode, type Node, type PrimitiveNode } from "./graph.js";

/** A primitive with an index: it reads or adds at computed positions. */
export type Indexing = ApplicationNode<"gather"> | ApplicationNode<"scatterAdd">;

/** Whether a node has an index. */
export function isIndexing(node: Node): node is Extract<PrimitiveNode, Indexing> {
  return isOf(node, "gather") || isOf(node, "scatterAdd");
}

/** 0, 1, 2, … along an axis, of size 1 along the others. */
export function iotaAlong(builder: GraphBuilder, shape: readonly number[], axis: number): Node {
  const length = at(shape, axis);
  return builder.apply(primitives.reshape, [builder.apply(primitives.iota, [], { length, dtype: "int32" })], { shape: shape.map((_, each) => (each === axis ? length : 1)) });
}

/** Whether a node counts 0, 1, 2, … along an axis. What is gathered from it is the index itself, after its check. */
export function isIota(node: Node, axis: number): boolean {
  const list = isOf(node, "expand") ? node.inputs[0] : node;
  const source = isOf(list, "reshape") ? list.inputs[0] : list;
  if (!isOf(source, "iota") || source.type.dtype !== "int32" || list.type.shape.length !== node.type.shape.length) return false;
  return [list, node].every(({ type }) => type.shape[axis] === source.attributes.length);
}

/** The node whose elements `node` moves or repeats, and uses all of. */
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
  if (isOf(node, "argSort") || isOf(node, "argMax") || isOf(node, "argMin")) return at(node.inputs[0].type.shape, node.attributes.axis) <= size;
  return false;
}
