import { describeValue } from "../arguments/describe.js";
import { requireDType } from "../dtype.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { mul } from "./arithmetic.js";
import { diagonal } from "./diagonal.js";
import { labelAxes } from "./einsum-equation.js";
import { sum } from "./reduction.js";
import { permute, reshape } from "./shape.js";

/** A tensor whose axes have names. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/**
 * Einstein summation: the sum of products that an equation such as `"bij,bjk->bik"` describes. Labels are single letters. A label that
 * is missing in the result is summed over, a label that is repeated in one operand takes the diagonal, and `...` stands for further axes.
 * Axes of size 1 broadcast against axes of the same label in other operands. Without `->`, the result has the labels that occur once, in
 * alphabetical order. Operands are combined from left to right, each pair by one matrix product.
 *
 * @example
 * ```ts
 * import { einsum, tensor } from "@nn/tensor";
 * const x = tensor([[1, 2], [3, 4]]);
 * einsum("ij,kj->ik", x, x).toArray(); // => [[5, 11], [11, 25]]
 * einsum("ii", x).item(); // => 5
 * ```
 * @throws ArgumentError if the equation cannot be read or does not fit the number of operands.
 * @throws ShapeError if ranks or sizes do not fit the equation.
 * @throws DTypeError if the dtypes differ.
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  if (typeof equation !== "string") throw new ArgumentError(`einsum: the equation is ${describeValue(equation)}, expected a string before the operands`);
  operands.forEach((operand, at) => requireTensor("einsum", operand, `operand ${at}`));
  const { operands: labels, output } = labelAxes(equation, operands.map((operand) => operand.shape));
  const dtypes = new Set(operands.map((operand) => operand.dtype));
  if (dtypes.size > 1) throw new DTypeError(`einsum: operands have dtypes ${operands.map((operand) => operand.dtype).join(", ")}; cast them to one`);
  for (const { dtype } of operands) requireDType("einsum", dtype, ["float32", "float64", "int32"]);

  return inNameOf("einsum", () => contract(operands, labels, output));
}

function contract(operands: readonly Tensor[], labels: readonly (readonly string[])[], output: readonly string[]): Tensor {
  const [first, ...others] = operands.map((tensor, at) => withDiagonals({ tensor, labels: labels[at] ?? [] }));
  let result = first as Labelled;
  others.forEach((next, at) => {
    const needed = new Set([...output, ...others.slice(at + 1).flatMap((later) => later.labels)]);
    result = multiply(result, next, needed);
  });
  result = sumOver(result, result.labels.filter((label) => !output.includes(label)));
  return permute(result.tensor, output.map((label) => result.labels.indexOf(label)));
}

/** Replaces axes with the same label by their diagonal. */
function withDiagonals({ tensor, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, at) => labels.indexOf(label) < at);
  if (second === -1) return { tensor, labels };
  const label = labels[second] as string;
  const rest = labels.filter((_, at) => at !== second && at !== labels.indexOf(label));
  return withDiagonals({ tensor: diagonal(tensor, 0, labels.indexOf(label), second), labels: [...rest, label] });
}

function sumOver({ tensor, labels }: Labelled, summed: readonly string[]): Labelled {
  if (summed.length === 0) return { tensor, labels };
  return { tensor: sum(tensor, summed.map((label) => labels.indexOf(label))), labels: labels.filter((label) => !summed.includes(label)) };
}

/** Drops axes of size 1 that the other operand broadcasts. */
function withoutBroadcast({ tensor, labels }: Labelled, other: Labelled): Labelled {
  const isBroadcast = (label: string, axis: number): boolean => tensor.shape[axis] === 1 && other.labels.includes(label) && sizeOfLabel(other, label) !== 1;
  const kept = labels.filter((label, axis) => !isBroadcast(label, axis));
  return { tensor: reshape(tensor, kept.map((label) => sizeOfLabel({ tensor, labels }, label))), labels: kept };
}

/** The product of two operands, summed over the labels that are not needed any more. */
function multiply(first: Labelled, second: Labelled, needed: ReadonlySet<string>): Labelled {
  const lonely = (one: Labelled, other: Labelled): string[] => one.labels.filter((label) => !needed.has(label) && !other.labels.includes(label));
  const [left, right] = [withoutBroadcast(first, second), withoutBroadcast(second, first)];
  const a = sumOver(left, lonely(left, right));
  const b = sumOver(right, lonely(right, left));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  const sizes = labels.map((label) => sizeOfLabel(a.labels.includes(label) ? a : b, label));
  return { tensor: reshape(inner.length === 0 ? outerProduct(a, b, batch, rows, columns) : matrixProduct(a, b, batch, inner, rows, columns), sizes), labels };
}

function sizeOfLabel({ tensor, labels }: Labelled, label: string): number {
  return tensor.shape[labels.indexOf(label)] ?? 1;
}

/** Joins the axes of each group into one. */
function grouped(x: Labelled, groups: readonly (readonly string[])[]): Tensor {
  const ordered = permute(x.tensor, groups.flat().map((label) => x.labels.indexOf(label)));
  return reshape(ordered, groups.map((group) => sizeOf(group.map((label) => sizeOfLabel(x, label)))));
}

function isInOrder(x: Labelled, groups: readonly (readonly string[])[]): boolean {
  return groups.flat().every((label, at) => x.labels[at] === label);
}

/** One matrix product for each index of the batch. An operand that is already transposed is not copied. */
function matrixProduct(
  a: Labelled, b: Labelled, batch: readonly string[], inner: readonly string[], rows: readonly string[], columns: readonly string[],
): Tensor {
  const leading = batch.length === 0 ? [] : [batch];
  const transposeA = isInOrder(a, [...leading, inner, rows]);
  const transposeB = isInOrder(b, [...leading, columns, inner]);
  const left = grouped(a, [...leading, ...(transposeA ? [inner, rows] : [rows, inner])]);
  const right = grouped(b, [...leading, ...(transposeB ? [columns, inner] : [inner, columns])]);
  return apply(primitives.matmul, [left, right], { transposeA, transposeB });
}

/** The product without a label to sum over: elements are multiplied. */
function outerProduct(a: Labelled, b: Labelled, batch: readonly string[], rows: readonly string[], columns: readonly string[]): Tensor {
  return mul(grouped(a, [batch, rows, []]), grouped(b, [batch, [], columns]));
}
