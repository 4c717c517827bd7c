import * as primitives from "@nn/tensor/primitives";
import { isOf, topologicalOrder, uniformValue, type Graph, type Node, type PrimitiveNode } from "../ir/graph.js";
import { reapplied, rewriteGraph } from "./rewrite.js";

/**
 * The gradient of `relu(p) = p ≤ 0 ? 0 : p` asks for `p ≤ 0`. That is `relu(p) ≤ 0` as well (NaN included), so the backward pass
 * can ask the activation, which is kept anyway, and `p` need not be written to memory.
 */
export function reuseActivation(graph: Graph): Graph {
  const rectified = new Map<Node, PrimitiveNode>();
  for (const node of topologicalOrder(graph)) {
    const mask = rectifierMask(node);
    if (mask !== undefined && node.kind === "primitive") rectified.set(mask, node);
  }
  if (rectified.size === 0) return graph;
  const moved = new Map<PrimitiveNode, Node>();
  return rewriteGraph(graph, (builder, node, inputs) => {
    if ([...rectified.values()].includes(node)) {
      const [mask, zero, x] = inputs;
      if (mask === undefined || zero === undefined || x === undefined) return undefined;
      const activation = builder.apply(primitives.select, [mask, zero, x], {});
      moved.set(node, activation);
      return activation;
    }
    let changed = false;
    const next = node.inputs.map((input, at) => {
      const source = rectified.get(input);
      const activation = source === undefined ? undefined : moved.get(source);
      if (activation === undefined) return inputs[at] ?? input;
      changed = true;
      return builder.apply(primitives.lessEqual, [activation, builder.apply(primitives.full, [], { shape: [], dtype: activation.type.dtype, value: 0 })], {});
    });
    return changed ? reapplied(builder, node, next) : undefined;
  });
}

/** The mask of a rectifier: `p ≤ 0` where the node is `p ≤ 0 ? 0 : p` and `p` is computed. */
function rectifierMask(node: Node): Node | undefined {
  if (!isOf(node, "select")) return undefined;
  const [mask, zero, x] = node.inputs;
  if (!isOf(mask, "lessEqual") || x.kind !== "primitive" || uniformValue(zero) !== 0) return undefined;
  return mask.inputs[0] === x && uniformValue(mask.inputs[1]) === 0 && mask.type.shape.join() === node.type.shape.join() ? mask : undefined;
}
