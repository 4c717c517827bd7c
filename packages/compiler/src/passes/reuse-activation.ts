import { sameShape } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import { isOf, topologicalOrder, uniformValue, type Graph, type Node } from "../ir/graph.js";
import { reapplied, rewriteGraph } from "./rewrite.js";

/**
 * The gradient of `relu(p) = p ≤ 0 ? 0 : p` reads `p ≤ 0`. `relu(p) ≤ 0` is the same, also for NaN. So the backward pass reads the
 * activation, which is in memory anyway, and `p` need not be written there.
 */
export function reuseActivation(graph: Graph): Graph {
  /** The rectifier of each mask `p ≤ 0`. */
  const rectifiers = new Map<Node, Node>();
  for (const node of topologicalOrder(graph)) {
    const mask = rectifierMask(node);
    if (mask !== undefined) rectifiers.set(mask, node);
  }
  if (rectifiers.size === 0) return graph;
  const activations = new Set(rectifiers.values());
  const rebuilt = new Map<Node, Node>();
  return rewriteGraph(graph, (builder, node, inputs) => {
    if (activations.has(node)) {
      const activation = reapplied(builder, node, inputs);
      rebuilt.set(node, activation);
      return activation;
    }
    let isChanged = false;
    const next = node.inputs.map((input, index) => {
      const rectifier = rectifiers.get(input);
      const activation = rectifier === undefined ? undefined : rebuilt.get(rectifier);
      if (activation === undefined) return at(inputs, index);
      isChanged = true;
      return builder.apply(primitives.lessEqual, [activation, builder.apply(primitives.full, [], { shape: [], dtype: activation.type.dtype, value: 0 })], {});
    });
    return isChanged ? reapplied(builder, node, next) : undefined;
  });
}

/** The mask `p ≤ 0` of a rectifier `p ≤ 0 ? 0 : p` whose `p` is computed. */
function rectifierMask(node: Node): Node | undefined {
  if (!isOf(node, "select")) return undefined;
  const [mask, zero, x] = node.inputs;
  if (!isOf(mask, "lessEqual") || x.kind !== "primitive" || uniformValue(zero) !== 0) return undefined;
  return mask.inputs[0] === x && uniformValue(mask.inputs[1]) === 0 && sameShape(mask.type.shape, node.type.shape) ? mask : undefined;
}
