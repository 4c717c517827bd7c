import type { Primitive } from "@nn/tensor/interpreter";
import { int, ints } from "../attributes.js";
import type { ApplicationNode } from "../graph.js";
import { productOf, type Size } from "../size.js";
import type { GraphWriter } from "../writer.js";
import { refused, type Exporter } from "./exporter.js";
import { flipped, reshaped, spread } from "./movement.js";

type Contraction = Extract<Primitive, "bfloat16Matmul" | "convolution" | "matmul" | "quantizedMatmul" | "windowArgMax" | "windowSum">;

/** A matrix product, and what is added to it. Two matrices of floats are one `Gemm`. */
export function product(writer: GraphWriter, a: string, b: string, node: ApplicationNode<"matmul">, bias?: string): string {
  const { inputs: [{ type: left }, { type: right }], attributes: { transposeA, transposeB }, type: { dtype } } = node;
  if (left.shape.length === 2 && right.shape.length === 2 && dtype !== "int32") {
    const attributes = { ...(transposeA ? { transA: int(1) } : {}), ...(transposeB ? { transB: int(1) } : {}) };
    return writer.op("Gemm", bias === undefined ? [a, b] : [a, b, bias], attributes);
  }
  const factors = [transposed(writer, a, left.shape.length, transposeA), transposed(writer, b, right.shape.length, transposeB)];
  const result = writer.op("MatMul", factors);
  return bias === undefined ? result : writer.op("Add", [result, bias]);
}

/** A matrix with its last two axes exchanged. */
export function transposed(writer: GraphWriter, x: string, rank: number, isTransposed: boolean): string {
  if (!isTransposed) return x;
  const order = Array.from({ length: rank }, (_, axis) => axis);
  return writer.op("Transpose", [x], { perm: ints([...order.slice(0, -2), rank - 1, rank - 2]) });
}

/** The padding of ONNX: that before all axes, then that after them. */
const ends = (padding: readonly (readonly [number, number])[]): number[] => [...padding.map(([low]) => low), ...padding.map(([, high]) => high)];

/** The attributes of windows and convolutions, which do not depend on the batch. */
interface Geometry {
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  readonly inputDilation: readonly number[];
}

interface SizedGeometry {
  readonly strides: readonly Size[];
  readonly padding: readonly (readonly [Size, Size])[];
  readonly inputDilation?: readonly Size[];
}

function geometryOf(writer: GraphWriter, { strides, padding, inputDilation }: SizedGeometry, dilation: readonly Size[]): Geometry {
  return {
    strides: writer.fixed("a stride", strides),
    padding: padding.map((pair) => {
      const [low = 0, high = 0] = writer.fixed("a padding", pair);
      return [low, high] as const;
    }),
    dilations: writer.fixed("a dilation", dilation),
    inputDilation: writer.fixed("a dilation of the input", inputDilation ?? strides.map(() => 1)),
  };
}

const isOne = (each: number): boolean => each === 1;

/** The weight of a convolution: its own, or that of a transposed convolution, which is mirrored and has its channels exchanged. */
export interface Weight {
  readonly name: string;
  readonly isTransposed: boolean;
}

/** A convolution, as `Conv` or as `ConvTranspose`. */
export function convolved(writer: GraphWriter, x: string, weight: Weight, node: ApplicationNode<"convolution">, bias?: string): string {
  const geometry = geometryOf(writer, node.attributes, node.attributes.kernelDilation);
  const groups = writer.fixed("the number of groups", [node.attributes.groups])[0] ?? 1;
  const [outputs = 1, perGroup = 1, ...kernel] = writer.fixed("the weight", node.inputs[1].type.shape);
  const biases = bias === undefined ? [] : [bias];
  const common = { kernel_shape: ints(kernel), dilations: ints(geometry.dilations), group: int(groups) };
  const adjoint = adjointGeometry(geometry, kernel);
  const isDilated = !geometry.inputDilation.every(isOne);
  if (adjoint !== undefined && (weight.isTransposed || isDilated)) {
    const ours = weight.isTransposed ? weight.name : mirrored(writer, weight.name, [outputs, perGroup, ...kernel], groups);
    const { pads, outputPadding } = adjoint;
    return writer.op("ConvTranspose", [x, ours, ...biases], { ...common, strides: ints(geometry.inputDilation), pads: ints(pads), output_padding: ints(outputPadding) });
  }
  const { type } = node.inputs[0];
  const dilated = isDilated ? spread(writer, x, type.shape, [0, 0, ...geometry.inputDilation.map((each) => each - 1)], () => writer.number(0, type.dtype)) : x;
  const ours = weight.isTransposed ? mirrored(writer, weight.name, [perGroup * groups, outputs / groups, ...kernel], groups) : weight.name;
  return writer.op("Conv", [dilated, ours, ...biases], { ...common, strides: ints(geometry.strides), pads: ints(ends(geometry.padding)) });
}

/** The padding of the transposed convolution that a convolution with a dilated input is; `undefined` if it is none. */
function adjointGeometry({ strides, padding, dilations, inputDilation }: Geometry, kernel: readonly number[]) {
  const reach = kernel.map((size, axis) => (dilations[axis] ?? 1) * (size - 1));
  const cut = padding.map(([low, high], axis) => [(reach[axis] ?? 0) - low, (reach[axis] ?? 0) - high] as const);
  const outputPadding = cut.map(([, high]) => Math.max(0, -high));
  const fits = strides.every(isOne) && cut.every(([low], axis) => low >= 0 && (outputPadding[axis] ?? 0) < Math.max(inputDilation[axis] ?? 1, 1));
  return fits ? { pads: ends(cut.map(([low, high]) => [low, Math.max(0, high)])), outputPadding } : undefined;
}

/** `[out, in / groups, …kernel]` as the weight of the transposed convolution, `[in, out / groups, …kernel]`, mirrored; and back. */
function mirrored(writer: GraphWriter, weight: string, [outputs = 1, perGroup = 1, ...kernel]: readonly number[], groups: number): string {
  const flat = flipped(writer, weight, kernel.map((_, axis) => axis + 2));
  const grouped = groups === 1 ? flat : reshaped(writer, flat, [groups, outputs / groups, perGroup, ...kernel]);
  const lead = groups === 1 ? [1, 0] : [0, 2, 1];
  const swapped = writer.op("Transpose", [grouped], { perm: ints([...lead, ...kernel.map((_, axis) => axis + lead.length)]) });
  return groups === 1 ? swapped : reshaped(writer, swapped, [groups * perGroup, outputs / groups, ...kernel]);
}

/** Whether the pooling operators of ONNX Runtime take a padding: it must be smaller than the window. */
const fitsPooling = (window: readonly number[], { padding }: Geometry): boolean => padding.every(([low, high], axis) => low < (window[axis] ?? 1) && high < (window[axis] ?? 1));

/** Means of windows, in which padding counts as 0; `undefined` if `AveragePool` does not have such windows. */
export function averaged(writer: GraphWriter, x: string, { attributes }: ApplicationNode<"windowSum">): string | undefined {
  const geometry = geometryOf(writer, attributes, attributes.windowDilation);
  const window = writer.fixed("a window", attributes.window);
  if (![...geometry.dilations, ...geometry.inputDilation].every(isOne) || !fitsPooling(window, geometry)) return undefined;
  return writer.op("AveragePool", [x], { kernel_shape: ints(window), strides: ints(geometry.strides), pads: ints(ends(geometry.padding)), count_include_pad: int(1) });
}

/** Sums of windows: means times the number of elements, or a convolution of each channel with ones. */
const windowSum: Exporter<"windowSum"> = (writer, [x], node) => {
  const { inputs: [{ type }], attributes } = node;
  const window = writer.fixed("a window", attributes.window);
  const mean = averaged(writer, x, node);
  if (mean !== undefined) return writer.op("Mul", [mean, writer.number(productOf(window) ?? 1, type.dtype)]);
  const geometry = geometryOf(writer, attributes, attributes.windowDilation);
  const [channels = 1] = writer.fixed("the number of channels", type.shape.slice(1, 2));
  const dilated = spread(writer, x, type.shape, [0, 0, ...geometry.inputDilation.map((each) => each - 1)], () => writer.number(0, type.dtype));
  const ones = writer.filled([channels, 1, ...window], 1, type.dtype);
  return writer.op("Conv", [dilated, ones], {
    kernel_shape: ints(window), strides: ints(geometry.strides), pads: ints(ends(geometry.padding)), dilations: ints(geometry.dilations), group: int(channels),
  });
};

/** The largest elements of windows. Padding that `MaxPool` does not take is written as −∞. */
export function maxPooled(writer: GraphWriter, x: string, { inputs: [{ type }], attributes }: ApplicationNode<"windowArgMax">): string {
  const geometry = geometryOf(writer, attributes, attributes.windowDilation);
  const window = writer.fixed("a window", attributes.window);
  const fits = fitsPooling(window, geometry);
  const pads = ends(geometry.padding);
  const lead = [0, 0];
  const axes = pads.length / 2;
  const padded = fits ? x : writer.op("Pad", [x, writer.int64s([...lead, ...pads.slice(0, axes), ...lead, ...pads.slice(axes)]), writer.number(-Infinity, type.dtype)]);
  return writer.op("MaxPool", [padded], maxPoolAttributes(window, geometry, fits ? pads : pads.map(() => 0)));
}

const maxPoolAttributes = (window: readonly number[], { strides, dilations }: Geometry, pads: readonly number[]) => ({
  kernel_shape: ints(window), strides: ints(strides), pads: ints(pads), dilations: ints(dilations),
});

/** The positions of the largest elements. Those of `MaxPool` count over the whole input, ours in each channel. */
const windowArgMax: Exporter<"windowArgMax"> = (writer, [x], { inputs: [{ type }], attributes }) => {
  const geometry = geometryOf(writer, attributes, attributes.windowDilation);
  const window = writer.fixed("a window", attributes.window);
  if (!fitsPooling(window, geometry)) return writer.refuse("windowArgMax (positions in windows with as much padding as the window)");
  const [, indices = ""] = writer.ops("MaxPool", [x], maxPoolAttributes(window, geometry, ends(geometry.padding)), ["values", "indices"]);
  const spatial = writer.fixed("a spatial axis", type.shape.slice(2));
  return writer.cast(writer.op("Mod", [indices, writer.int64(productOf(spatial) ?? 1)]), "int32");
};

export const contraction: { readonly [P in Contraction]: Exporter<P> } = {
  matmul: (writer, [a, b], node) => product(writer, a, b, node),
  convolution: (writer, [x, weight], node) => convolved(writer, x, { name: weight, isTransposed: false }, node),
  windowSum, windowArgMax,
  bfloat16Matmul: refused("export the float32 model, and convert its file with the tools of ONNX Runtime"),
  quantizedMatmul: refused("export the float32 model, and quantize its file with the tools of ONNX Runtime"),
};
