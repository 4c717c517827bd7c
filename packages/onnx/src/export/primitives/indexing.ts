import type { Primitive } from "@nn/tensor/interpreter";
import { int, text } from "../attributes.js";
import type { Node } from "../graph.js";
import { sameSizes, type Size } from "../size.js";
import type { GraphWriter } from "../writer.js";
import { reshaped } from "./movement.js";
import type { Exporter } from "./exporter.js";

type Indexing = Extract<Primitive, "gather" | "scatterAdd">;

/** An index with the sizes of the result, which those of size 1 repeat. */
function broadcast(writer: GraphWriter, index: string, { type }: Node, shape: readonly Size[]): string {
  return sameSizes(type.shape, shape) ? index : writer.op("Expand", [index, writer.sizes(shape)]);
}

const axisOf = (writer: GraphWriter, axis: Size): number => writer.fixed("the axis of an index", [axis])[0] ?? 0;

/** Elements at an index: whole rows along the axis if the index has no other axes. */
const gather: Exporter<"gather"> = (writer, [x, index], { inputs, attributes, type }) => {
  const axis = axisOf(writer, attributes.axis);
  const { shape } = inputs[1].type;
  if (shape.every((size, at) => at === axis || size === 1)) {
    const positions = shape.length === 1 ? index : reshaped(writer, index, shape.slice(axis, axis + 1));
    return writer.op("Gather", [x, positions], { axis: int(axis) });
  }
  return writer.op("GatherElements", [x, broadcast(writer, index, inputs[1], type.shape)], { axis: int(axis) });
};

const scatterAdd: Exporter<"scatterAdd"> = (writer, [base, index, updates], { inputs, attributes }) => writer.op(
  "ScatterElements", [base, broadcast(writer, index, inputs[1], inputs[2].type.shape), updates], { axis: int(axisOf(writer, attributes.axis)), reduction: text("add") },
);

export const indexing: { readonly [P in Indexing]: Exporter<P> } = { gather, scatterAdd };
