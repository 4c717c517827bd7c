import { sizeOf } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { at } from "../ir/at.js";
import type { GraphBuilder } from "../ir/builder.js";
import { isOf, topologicalOrder, type ApplicationNode, type Node, type PrimitiveNode } from "../ir/graph.js";
import type { Pass } from "./pass.js";
import { positionsIn } from "./positions.js";
import { rewriteGraph } from "./rewrite.js";
import { simplify } from "./simplify.js";

/** With more windows in an image, a convolution fills its vectors with the windows of one image. */
const mostWindows = 16;
/** The fewest windows of all images, outputs, and elements of a patch that make a product worth its patches. */
const least = { windows: 16, outputs: 32, patch: 32 };
/** With more elements in a kernel's plane, the patches have too many parts. */
const mostTaps = 25;

/**
 * Writes a convolution with few windows in each image, as in the last layers of a residual network, as the product of the weights with a matrix of all patches, whose columns are the windows of all
 * images. A convolution kernel computes one image at a time, and four windows leave most of a vector empty: the product takes half of its time as WebAssembly, a sixth as machine code. The gradients of
 * their kernels are such convolutions too, whose images are the channels and whose windows are the elements of a kernel.
 */
export const productsOfPatches: Pass = (graph, has) => {
  if (!has("matmul") || !topologicalOrder(graph).some(hasFewWindows)) return graph;
  const rewritten = rewriteGraph(graph, (builder, node, [x, weight]) => (hasFewWindows(node) && x !== undefined && weight !== undefined ? productOf(builder, x, weight, node) : undefined));
  // The gradient of a kernel moves the axes back that the product has moved.
  return simplify(rewritten);
};

type Convolution = ApplicationNode<"convolution">;

/** Whether a node is a convolution for which a product of patches takes less time. */
function hasFewWindows(node: Node): node is Extract<PrimitiveNode, Convolution> {
  if (!isOf(node, "convolution") || node.type.dtype !== "float32") return false;
  const { padding, inputDilation, groups } = node.attributes;
  const [images, outputs, ...windows] = node.type.shape;
  const [, channels = 0, ...kernel] = node.inputs[1].type.shape;
  const isPlain = groups === 1 && inputDilation.every((step) => step === 1) && padding.flat().every((count) => count >= 0);
  const isSmall = sizeOf(windows) <= mostWindows && sizeOf(kernel) <= mostTaps && sizeOf(kernel) > 1;
  return isPlain && isSmall && sizeOf(windows) * (images ?? 0) >= least.windows && (outputs ?? 0) >= least.outputs && channels * sizeOf(kernel) >= least.patch;
}

/** The weights `[outputs, channels · taps]` times the patches `[channels · taps, images · windows]`, with images in front again. */
function productOf(builder: GraphBuilder, x: Node, weight: Node, { attributes, type: { shape } }: Convolution): Node {
  const [images, outputs, windows] = [at(shape, 0), at(shape, 1), shape.slice(2)];
  const [channels, kernel] = [at(weight.type.shape, 1), weight.type.shape.slice(2)];
  const [rows, columns] = [channels * sizeOf(kernel), images * sizeOf(windows)];
  const swapped = [1, 0, ...windows.map((_, axis) => axis + 2)];
  const byChannel = builder.apply(primitives.permute, [x], { permutation: swapped });
  const padded = builder.apply(primitives.pad, [byChannel], {
    low: [0, 0, ...attributes.padding.map(([low]) => low)], high: [0, 0, ...attributes.padding.map(([, high]) => high)], interior: shape.map(() => 0), value: 0,
  });
  const parts = positionsIn(kernel).map((tap) => {
    const starts = tap.map((position, axis) => position * at(attributes.kernelDilation, axis));
    const seen = builder.apply(primitives.slice, [padded], {
      starts: [0, 0, ...starts],
      stops: [channels, images, ...starts.map((start, axis) => start + (at(windows, axis) - 1) * at(attributes.strides, axis) + 1)],
      steps: [1, 1, ...attributes.strides],
    });
    return builder.apply(primitives.reshape, [seen], { shape: [channels, 1, columns] });
  });
  const patches = builder.apply(primitives.reshape, [builder.apply(primitives.concat, parts, { axis: 1 })], { shape: [rows, columns] });
  const matrix = builder.apply(primitives.reshape, [weight], { shape: [outputs, rows] });
  const product = builder.apply(primitives.matmul, [matrix, patches], { transposeA: false, transposeB: false });
  const byOutput = builder.apply(primitives.reshape, [product], { shape: [outputs, images, ...windows] });
  return builder.apply(primitives.permute, [byOutput], { permutation: swapped });
}
