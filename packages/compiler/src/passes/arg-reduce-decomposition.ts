import { isFloat } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import type { ApplicationNode, Node } from "../ir/graph.js";
import { iotaAlong } from "../ir/indices.js";

/**
 * `argMax` (or `argMin`) along an axis as two reductions: the least of the positions whose element equals the extreme. If there is a NaN,
 * the extreme is NaN, which equals nothing; so positions of NaN count as well.
 */
export function decomposedArgReduce(extreme: "max" | "min", builder: GraphBuilder, x: Node, { attributes: { axis } }: ApplicationNode<"argMax"> | ApplicationNode<"argMin">): Node {
  const { shape, dtype } = x.type;
  const length = at(shape, axis);
  const number = (value: number): Node => builder.apply(primitives.full, [], { shape: [], dtype: "int32", value });
  if (length === 1) return builder.apply(primitives.expand, [number(0)], { shape });
  const ordered = dtype === "bool" ? builder.apply(primitives.cast, [x], { dtype: "int32" }) : x;
  const best = builder.apply(extreme === "max" ? primitives.max : primitives.min, [ordered], { axes: [axis] });
  const equal = builder.apply(primitives.equal, [ordered, best], {});
  const isNaN = (): Node => builder.apply(primitives.logicalNot, [builder.apply(primitives.equal, [x, x], {})], {});
  const hits = isFloat(dtype) ? builder.apply(primitives.logicalOr, [equal, isNaN()], {}) : equal;
  const positions = iotaAlong(builder, shape, axis);
  return builder.apply(primitives.min, [builder.apply(primitives.select, [hits, positions, number(length)], {})], { axes: [axis] });
}
