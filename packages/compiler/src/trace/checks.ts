import { sizeOf } from "@nn/tensor/extend";
import type { Primitive } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import { isOf, uniformValue, type Node } from "../ir/graph.js";
import { isIndexing, isWithin, iotaAlong } from "../ir/indices.js";

// Some primitives fail for some inputs: an index is out of range, a whole number is divided by 0. Eager execution computes everything, and
// fails. A compiled program omits nodes that nothing reads and replaces some primitives by others, so it might not fail. Therefore the graph
// keeps each node that can fail as a check. A pass removes a check if the program makes the same one anyway (`passes/covered-checks.ts`).

/** The primitives that fail for some elements. */
export const mayFail: ReadonlySet<Primitive> = new Set<Primitive>(["gather", "scatterAdd", "remainder", "pow"]);

/** A node that fails where `node` fails, if it can fail: the node itself, or for an index, a gather of positions by the index. */
export function checkOf(builder: GraphBuilder, node: Node): Node | undefined {
  if (isIndexing(node)) {
    const { inputs: [x, index], attributes: { axis, report = { operation: node.primitive } }, location } = node;
    const size = at(x.type.shape, axis);
    if (sizeOf(index.type.shape) === 0 || isWithin(index, size)) return undefined;
    const shape = index.type.shape.with(axis, size);
    const positions = builder.apply(primitives.expand, [iotaAlong(builder, shape, axis)], { shape });
    return builder.apply(primitives.gather, [positions, index], { axis, report }, location);
  }
  if (isOf(node, "remainder") || isOf(node, "pow")) {
    if (node.type.dtype !== "int32") return undefined;
    const y = uniformValue(node.inputs[1]);
    return y !== undefined && (node.primitive === "pow" ? y >= 0 : y !== 0) ? undefined : node;
  }
  return undefined;
}
