import { isOf, type ApplicationNode, type Node } from "../graph.js";
import { convolved, product, transposed } from "../primitives/contraction.js";
import { sameSizes } from "../size.js";
import type { Match, Pattern } from "./pattern.js";

/** A product of matrices and a row that is added to it are one `Gemm`. */
export const productWithBias: Pattern = (node, { isUsedOnce }) => {
  if (!isOf(node, "add")) return undefined;
  const [result, bias] = node.inputs;
  if (!isOf(result, "matmul") || !isUsedOnce(result) || result.type.dtype === "int32") return undefined;
  if (result.inputs.some(({ type }) => type.shape.length !== 2) || !sameSizes(bias.type.shape, result.type.shape.slice(1))) return undefined;
  return { operands: [...result.inputs, bias], write: (writer, [a = "", b = "", c]) => product(writer, a, b, result, c) };
};

/** The rows of a tensor times a matrix need not be reshaped to a matrix and back: `MatMul`. */
export const rowsTimesMatrix: Pattern = (node, { isUsedOnce }) => {
  if (!isOf(node, "reshape")) return undefined;
  const [result] = node.inputs;
  if (!isOf(result, "matmul") || !isUsedOnce(result) || result.attributes.transposeA) return undefined;
  const [rows, matrix] = result.inputs;
  if (!isOf(rows, "reshape") || matrix.type.shape.length !== 2) return undefined;
  const [x] = rows.inputs;
  const { shape } = x.type;
  if (shape.length < 3 || !sameSizes(shape.slice(0, -1), node.type.shape.slice(0, -1)) || !sameSizes(shape.slice(-1), rows.type.shape.slice(-1))) return undefined;
  return { operands: [x, matrix], write: (writer, [a = "", b = ""]) => writer.op("MatMul", [a, transposed(writer, b, 2, result.attributes.transposeB)]) };
};

/** `[in, out / groups, …kernel]`, if a weight is that of a transposed convolution, mirrored and with its channels exchanged. */
function transposedWeightOf(weight: Node): Node | undefined {
  const swapped = isOf(weight, "reshape") ? weight.inputs[0] : weight;
  if (!isOf(swapped, "permute")) return undefined;
  const isGrouped = swapped !== weight;
  const lead = isGrouped ? [0, 2, 1] : [1, 0];
  const order = swapped.attributes.permutation;
  const mirrored = isGrouped && isOf(swapped.inputs[0], "reshape") ? swapped.inputs[0].inputs[0] : swapped.inputs[0];
  if (!isOf(mirrored, "flip") || order.some((axis, at) => axis !== (lead[at] ?? at))) return undefined;
  const spatial = mirrored.type.shape.slice(2).map((_, axis) => axis + 2);
  return mirrored.attributes.axes.join() === spatial.join() ? mirrored.inputs[0] : undefined;
}

function convolutionMatch(node: ApplicationNode<"convolution">, bias: Node | undefined): Match | undefined {
  const [x, weight] = node.inputs;
  const ours = transposedWeightOf(weight);
  if (ours === undefined && bias === undefined) return undefined;
  return {
    operands: [x, ours ?? weight, ...(bias === undefined ? [] : [bias])],
    write: (writer, [input = "", name = "", added]) => convolved(writer, input, { name, isTransposed: ours !== undefined }, node, added),
  };
}

/** A convolution, with the weight of a transposed one as it was before it was mirrored. */
export const convolution: Pattern = (node) => (isOf(node, "convolution") ? convolutionMatch(node, undefined) : undefined);

/** A convolution and what is added to each channel are one `Conv` or `ConvTranspose`. */
export const convolutionWithBias: Pattern = (node, { isUsedOnce }) => {
  if (!isOf(node, "add")) return undefined;
  const [result, column] = node.inputs;
  if (!isOf(result, "convolution") || !isUsedOnce(result) || !isOf(column, "reshape")) return undefined;
  const [bias] = column.inputs;
  const isColumn = sameSizes(column.type.shape, [...result.type.shape.slice(1, 2), ...result.type.shape.slice(2).map(() => 1)]);
  return isColumn && bias.type.shape.length === 1 ? convolutionMatch(result, bias) : undefined;
};

