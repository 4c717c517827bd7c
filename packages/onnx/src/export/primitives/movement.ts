import type { Primitive } from "@nn/tensor/interpreter";
import { int, ints } from "../attributes.js";
import { sameSize, scaledSize, type Size } from "../size.js";
import type { GraphWriter } from "../writer.js";
import type { Exporter } from "./exporter.js";

type Movement = Extract<Primitive, "concat" | "expand" | "flip" | "pad" | "permute" | "reshape" | "slice">;

/** A reshape. The one size that grows with the batch follows from the others. */
export function reshaped(writer: GraphWriter, x: string, shape: readonly Size[]): string {
  const growing = shape.filter((size) => typeof size !== "number").length;
  const isEmpty = shape.includes(0);
  const sizes = growing === 1 && !isEmpty ? writer.int64s(shape.map((size) => (typeof size === "number" ? size : -1))) : writer.sizes(shape);
  return writer.op("Reshape", [x, sizes], isEmpty || growing > 1 ? { allowzero: int(1) } : {});
}

/** Puts `value` between the elements along the axes with an interior: a new axis after each is padded and merged, and the rest cut off. */
export function spread(writer: GraphWriter, x: string, shape: readonly Size[], interior: readonly number[], value: () => string): string {
  let [result, sizes] = [x, [...shape]];
  for (const [axis, between] of interior.entries()) {
    const size = sizes[axis] ?? 1;
    if (between === 0 || size === 1) continue;
    const column = writer.op("Unsqueeze", [result, writer.int64s([axis + 1])]);
    const rank = sizes.length + 1;
    const pads = new Array<number>(2 * rank).fill(0).with(rank + axis + 1, between);
    const merged = scaledSize(size, between + 1);
    const padded = writer.op("Pad", [column, writer.int64s(pads), value()]);
    const flat = reshaped(writer, padded, sizes.with(axis, merged));
    const stop = scaledSize(size, between + 1, -between);
    result = writer.op("Slice", [flat, writer.int64s([0]), writer.sizes([stop]), writer.int64s([axis])]);
    sizes = sizes.with(axis, stop);
  }
  return result;
}

const pad: Exporter<"pad"> = (writer, [x], { inputs: [{ type }], attributes }) => {
  const value = (): string => writer.number(writer.fixed("the value of a padding", [attributes.value])[0] ?? 0, type.dtype);
  const inner = spread(writer, x, type.shape, writer.fixed("the interior of a padding", attributes.interior), value);
  const ends = [...attributes.low, ...attributes.high];
  return ends.every((each) => each === 0) ? inner : writer.op("Pad", [inner, writer.sizes(ends), value()]);
};

const slice: Exporter<"slice"> = (writer, [x], { inputs: [{ type }], attributes: { starts, stops, steps } }) => {
  const cut = type.shape.flatMap((size, axis) => (starts[axis] === 0 && sameSize(stops[axis], size) && steps[axis] === 1 ? [] : [axis]));
  if (cut.length === 0) return x;
  const along = (values: readonly Size[]): string => writer.sizes(cut.map((axis) => values[axis] ?? 0));
  return writer.op("Slice", [x, along(starts), along(stops), writer.int64s(cut), along(steps)]);
};

/** Before the first element, as `Slice` writes it. */
const beforeStart = -(2 ** 31);

/** Reverses the order along axes. */
export function flipped(writer: GraphWriter, x: string, axes: readonly number[]): string {
  if (axes.length === 0) return x;
  const each = (value: number): string => writer.int64s(axes.map(() => value));
  return writer.op("Slice", [x, each(-1), each(beforeStart), writer.int64s(axes), each(-1)]);
}

export const movement: { readonly [P in Movement]: Exporter<P> } = {
  reshape: (writer, [x], { type }) => reshaped(writer, x, type.shape),
  permute: (writer, [x], { attributes }) => writer.op("Transpose", [x], { perm: ints(writer.fixed("a permutation", attributes.permutation)) }),
  expand: (writer, [x], { type }) => writer.op("Expand", [x, writer.sizes(type.shape)]),
  concat: (writer, inputs, { attributes }) => writer.op("Concat", inputs, { axis: int(writer.fixed("the axis of concat", [attributes.axis])[0] ?? 0) }),
  flip: (writer, [x], { attributes }) => flipped(writer, x, writer.fixed("the axes of flip", attributes.axes)),
  pad, slice,
};
