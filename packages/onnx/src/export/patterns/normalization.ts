import { float, int, ints } from "../attributes.js";
import { isOf, type Node } from "../graph.js";
import { productOf, sameSizes } from "../size.js";
import { isSquareOf, unshaped, type Context, type Pattern } from "./pattern.js";

/** `x · weight + bias`, as normalisations end. */
interface Scaled {
  readonly normalized: Node;
  readonly weight: Node;
  readonly bias: Node;
}

function scaledOf(node: Node): Scaled | undefined {
  if (!isOf(node, "add")) return undefined;
  const [product, bias] = node.inputs;
  return isOf(product, "mul") ? { normalized: product.inputs[0], weight: product.inputs[1], bias } : undefined;
}

/** The numerator of a quotient, and what its denominator is the root of a sum of. */
function quotientOf(node: Node): readonly [numerator: Node, variance: Node, epsilon: Node] | undefined {
  if (!isOf(node, "div")) return undefined;
  const [numerator, root] = node.inputs;
  const total = isOf(root, "sqrt") ? root.inputs[0] : undefined;
  return isOf(total, "add") ? [numerator, total.inputs[0], total.inputs[1]] : undefined;
}

/** The list of one number for each channel that was given the axes of the input. */
function channelsOf(node: Node, shape: Node["type"]["shape"]): Node | undefined {
  if (!isOf(node, "reshape")) return undefined;
  const isColumn = sameSizes(node.type.shape, shape.map((size, axis) => (axis === 1 ? size : 1)));
  return isColumn && node.inputs[0].type.shape.length === 1 ? node.inputs[0] : undefined;
}

/** `(x − mean) · (weight / √(variance + ε)) + bias` with given numbers for each channel is `BatchNormalization`. */
export const batchNormalization: Pattern = (node, { numberOf }) => {
  const { normalized: difference, weight: factor, bias } = scaledOf(node) ?? {};
  const [weight, variance, added] = factor === undefined ? [] : (quotientOf(factor) ?? []);
  if (weight === undefined || bias === undefined || variance === undefined || added === undefined || !isOf(difference, "sub")) return undefined;
  const [x, mean] = difference.inputs;
  const epsilon = numberOf(added);
  const operands = [weight, bias, mean, variance].flatMap((each) => channelsOf(each, x.type.shape) ?? []);
  if (epsilon === undefined || operands.length < 4 || !sameSizes(x.type.shape, node.type.shape)) return undefined;
  return { operands: [x, ...operands], write: (writer, names) => writer.op("BatchNormalization", names, { epsilon: float(epsilon) }) };
};

/** The mean over axes that a node is: what it is the mean of, and the axes. */
function meanOf(node: Node, { numberOf }: Context): readonly [of: Node, axes: readonly number[]] | undefined {
  if (!isOf(node, "div")) return undefined;
  const [sum, count] = node.inputs;
  const total = unshaped(sum);
  if (!isOf(total, "sum")) return undefined;
  const [of] = total.inputs;
  const axes = total.attributes.axes.map(Number);
  const size = productOf(axes.map((axis) => of.type.shape[axis] ?? 1));
  return size !== undefined && numberOf(count) === size ? [of, axes] : undefined;
}

/** A sum divided by the number of its terms is `ReduceMean`. */
export const mean: Pattern = (node, context) => {
  const [of, axes = []] = meanOf(node, context) ?? [];
  if (of === undefined || axes.length === 0) return undefined;
  const [kept, dropped] = [of.type.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)), of.type.shape.filter((_, axis) => !axes.includes(axis))];
  const keepsAxes = sameSizes(node.type.shape, kept);
  if (!keepsAxes && !sameSizes(node.type.shape, dropped)) return undefined;
  return { operands: [of], write: (writer, names) => writer.op("ReduceMean", names, { axes: ints(axes), keepdims: int(Number(keepsAxes)) }) };
};

/** The number of ordinary elements where others are chosen for very large and very small ones (`scaledForRoots` of `@nn/tensor`). */
function ordinary(node: Node, context: Context): number | undefined {
  return isOf(node, "select") ? ordinary(node.inputs[2], context) : context.numberOf(node);
}

/** What an input was before it was scaled by 1, or for very large and very small elements by a power of two. */
function unscaled(node: Node, context: Context): Node {
  return isOf(node, "mul") && isOf(node.inputs[1], "select") && ordinary(node.inputs[1], context) === 1 ? node.inputs[0] : node;
}

/** `(x − mean x) / √(variance x + ε) · weight + bias` over the last axes is `LayerNormalization`. It does not scale very large elements. */
export const layerNormalization: Pattern = (node, context) => {
  const scaled = scaledOf(node);
  const [deviation, variance, added] = scaled === undefined ? [] : (quotientOf(scaled.normalized) ?? []);
  if (scaled === undefined || variance === undefined || added === undefined || !isOf(deviation, "sub")) return undefined;
  const [elements, center] = deviation.inputs;
  const [of, axes = []] = meanOf(center, context) ?? [];
  const [squares, same = []] = meanOf(variance, context) ?? [];
  const epsilon = ordinary(added, context);
  const { shape } = elements.type;
  const first = shape.length - axes.length;
  const isTrailing = axes.every((axis, at) => axis === first + at) && axes.length > 0;
  if (of !== elements || squares === undefined || !isSquareOf(squares, deviation) || same.join() !== axes.join() || epsilon === undefined || !isTrailing) return undefined;
  if (![scaled.weight, scaled.bias].every(({ type }) => sameSizes(type.shape, shape.slice(first)))) return undefined;
  return {
    operands: [unscaled(elements, context), scaled.weight, scaled.bias],
    write: (writer, names) => writer.op("LayerNormalization", names, { axis: int(first), epsilon: float(epsilon) }),
  };
};
