import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import { isOf, type Node } from "../ir/graph.js";

/**
 * The sum of two zero-padded tensors whose contents lie side by side is the concatenation of the contents, padded. The gradient of a
 * tensor that was split, for example into the steps of a sequence, is such a sum. Merging the terms writes the gradient once, instead of
 * adding to all of it for each step.
 */
export function mergedPaddedSum(builder: GraphBuilder, [x, y]: readonly [Node, Node]): Node | undefined {
  const [a, b] = [paddedPart(x), paddedPart(y)];
  if (a === undefined || b === undefined || x.type.shape.join() !== y.type.shape.join()) return undefined;
  const axes = x.type.shape.map((_, axis) => axis).filter((axis) => a.low[axis] !== b.low[axis] || a.high[axis] !== b.high[axis]);
  const [axis, ...others] = axes;
  if (axis === undefined || others.length > 0) return undefined;
  const [first, second] = at(a.low, axis) < at(b.low, axis) ? [a, b] : [b, a];
  if (at(first.low, axis) + at(first.part.type.shape, axis) !== at(second.low, axis)) return undefined;
  const whole = builder.apply(primitives.concat, [...partsAlong(first.part, axis), ...partsAlong(second.part, axis)], { axis });
  const high = first.high.with(axis, at(second.high, axis));
  return [...first.low, ...high].every((count) => count === 0) ? whole : builder.apply(primitives.pad, [whole], { low: first.low, high, interior: high.map(() => 0), value: 0 });
}

interface PaddedPart {
  readonly part: Node;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The content of a tensor with zeros around it, if that is all that the node does. */
function paddedPart(node: Node): PaddedPart | undefined {
  if (!isOf(node, "pad")) return undefined;
  const { low, high, interior, value } = node.attributes;
  const [part] = node.inputs;
  const isPlain = value === 0 && [low, high, interior].every((counts) => counts.every((count) => count >= 0)) && interior.every((count) => count === 0);
  return isPlain ? { part, low, high } : undefined;
}

function partsAlong(node: Node, axis: number): readonly Node[] {
  return isOf(node, "concat") && node.attributes.axis === axis ? node.inputs : [node];
}
