import type { Primitive } from "@nn/tensor/interpreter";
import { int, ints } from "../attributes.js";
import type { Size } from "../size.js";
import type { GraphWriter } from "../writer.js";
import { refused, type Exporter } from "./exporter.js";

type Reduction = Extract<Primitive, "argMax" | "argMin" | "argSort" | "cumProd" | "cumSum" | "max" | "min" | "prod" | "sum">;

/** ONNX Runtime does not compare bools: they count as whole numbers. */
function comparable(writer: GraphWriter, x: string, isBool: boolean): string {
  return isBool ? writer.cast(x, "int32") : x;
}

const reduce = (opType: string): Exporter<"max" | "min" | "prod"> => (writer, [x], { type, attributes }) => {
  const axes = writer.fixed(`the axes of ${opType}`, attributes.axes);
  if (axes.length === 0) return x;
  const isBool = type.dtype === "bool";
  const reduced = writer.op(opType, [comparable(writer, x, isBool)], { axes: ints(axes), keepdims: int(1) });
  return isBool ? writer.cast(reduced, "bool") : reduced;
};

const sum: Exporter<"sum"> = (writer, [x], { attributes }) => {
  const axes = writer.fixed("the axes of sum", attributes.axes);
  return axes.length === 0 ? x : writer.op("ReduceSum", [x, writer.int64s(axes)], { keepdims: int(1) });
};

const argReduce = (opType: string): Exporter<"argMax" | "argMin"> => (writer, [x], { inputs, attributes }) =>
  writer.cast(writer.op(opType, [comparable(writer, x, inputs[0].type.dtype === "bool")], { axis: int(axisOf(writer, attributes)), keepdims: int(1) }), "int32");

/** All elements of the axis in order: those equal to one another stay in their order. */
const argSort: Exporter<"argSort"> = (writer, [x], { inputs: [{ type }], attributes }) => {
  const axis = axisOf(writer, attributes);
  const count = writer.sizes([type.shape[axis] ?? 1]);
  const [, indices = ""] = writer.ops("TopK", [comparable(writer, x, type.dtype === "bool"), count], { axis: int(axis), largest: int(Number(attributes.descending)) }, ["values", "indices"]);
  return writer.cast(indices, "int32");
};

function axisOf(writer: GraphWriter, { axis }: { readonly axis: Size }): number {
  return writer.fixed("an axis", [axis])[0] ?? 0;
}

export const reduction: { readonly [P in Reduction]: Exporter<P> } = {
  max: reduce("ReduceMax"), min: reduce("ReduceMin"), prod: reduce("ReduceProd"), sum,
  argMax: argReduce("ArgMax"), argMin: argReduce("ArgMin"), argSort,
  cumSum: (writer, [x], { attributes }) => writer.op("CumSum", [x, writer.int64(axisOf(writer, attributes))]),
  cumProd: refused("ONNX has no cumulative product"),
};
