import { sizeOf } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import { isOf, uniformValue, type Node } from "../ir/graph.js";
import { isIndexing, isWithin, placesAlong } from "../ir/indices.js";

// Some primitives fail for some inputs: indices may be out of range, whole numbers have no remainder by 0. Eager execution computes all
// that a function says, and fails then. A program leaves out what nothing reads, computes only what is read of the rest, and writes
// some primitives down by others; so what may fail is kept beside it, as a check, until it is known that the program fails by itself.

/** What fails where `node` fails, if it can: itself, or for an index the places that it names, read from the list of all places. */
export function checkOf(builder: GraphBuilder, node: Node): Node | undefined {
  if (isIndexing(node)) {
    const { inputs: [x, index], attributes: { axis, report = { operation: node.primitive } } } = node;
    const size = at(x.type.shape, axis);
    if (sizeOf(index.type.shape) === 0 || isWithin(index, size)) return undefined;
    const shape = index.type.shape.with(axis, size);
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
