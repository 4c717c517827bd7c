import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import {
  arange, avgPool1d, avgPool2d, diagonal, einsum, embedding, embeddingBag, expand, indexAdd, indexCopy, indexFill, indexSelect, interpolate, lpPool1d, maskedScatter, maxPool1d, maxPool2d, maxUnpool1d, oneHot, pad,
  fold, scatterReduce, sin, sum, take, takeAlongAxis, tensor, unfold, Variable, zeros, type Tensor,
} from "@nn/tensor";
import { describe, expect, it, test } from "vitest";

const int32 = (values: readonly number[] | readonly (readonly number[])[]): Tensor => tensor(values as number[], { dtype: "int32" });
const values = (shape: readonly number[]): Tensor => sin(arange(shape.reduce((product, size) => product * size, 1)).mul(1.7)).reshape(shape);
const rows = int32([-1, 0, -3]);

/** Operations of one floating-point input, with the shape of the input. */
const operations: Readonly<Record<string, readonly [shape: readonly number[], run: (x: Tensor) => Tensor]>> = {
  "maxPool1d, ceilMode": [[2, 3, 7], (x) => maxPool1d(x, 3, { stride: 2, ceilMode: true })],
  "maxPool2d, same": [[1, 2, 5, 6], (x) => maxPool2d(x, [2, 3], { stride: 2, padding: "same", dilation: [1, 2] })],
  "avgPool1d, one side": [[1, 2, 5], (x) => avgPool1d(x, 3, { stride: 1, padding: [[4, 0]], dilation: 2 })],
  "avgPool2d, ceilMode, without padding": [[1, 1, 6, 7], (x) => avgPool2d(x, 3, { stride: 2, padding: [[1, 0], [0, 1]], ceilMode: true, countIncludePad: false })],
  "lpPool1d, ceilMode": [[1, 2, 6], (x) => lpPool1d(x, 2, 3, { stride: 2, ceilMode: true })],
  "interpolate, size that stays": [[1, 1, 2, 2], (x) => interpolate(x, { scale: 1.4, mode: "bilinear" })],
  "interpolate, scale": [[1, 1, 4, 5], (x) => interpolate(x, { scale: 1.7, mode: "bicubic" })],
  "interpolate, twice": [[1, 1, 4], (x) => interpolate(x, { scale: 2.2 })],
  "pad, symmetric": [[2, 3], (x) => pad(x, [[1, 2], [3, 1]], { mode: "symmetric" })],
  "diagonal, beyond": [[2, 3], (x) => diagonal(x, 5)],
  "unfold": [[2, 3, 4], (x) => unfold(x, 2, { padding: 1 })],
  "fold": [[8, 6], (x) => fold(x, [3, 4], 2)],
  "einsum, size 1": [[2, 1], (x) => einsum("ij,jk->ik", x, values([3, 4]))],
  "indexSelect": [[3, 2], (x) => indexSelect(x, rows, 0)],
  "take": [[3, 2], (x) => take(x, int32([-6, 5]))],
  "takeAlongAxis": [[3, 2], (x) => takeAlongAxis(x, int32([[-1], [0], [-2]]), 1)],
  "indexAdd": [[3, 2], (x) => indexAdd(x, rows, values([3, 2]), 0)],
  "indexCopy": [[3, 2], (x) => indexCopy(x, rows, values([3, 2]), 0)],
  "indexFill": [[3, 2], (x) => indexFill(x, int32([-1]), 5, 0)],
  "maskedScatter, nothing": [[3], (x) => maskedScatter(x, zeros([3], { dtype: "bool" }), zeros([0]))],
  "maskedScatter, from the input": [[2], (x) => maskedScatter(zeros([3]), tensor([true, false, true]), x)],
  ...Object.fromEntries((["sum", "mean", "prod", "max", "min"] as const).flatMap((reduction) => [true, false].map((includeSelf) => [
    `scatterReduce, ${reduction}${includeSelf ? "" : " without the base"}`,
    [[4], (x: Tensor) => scatterReduce(x, int32([0, 2, 0]), values([3]), 0, reduction, { includeSelf })] as const,
  ]))),
};

test.each(Object.entries(operations))("%s: compiled results and gradients equal eager ones", (_, [shape, run]) => {
  const weighted = (x: Tensor): Tensor => {
    const y = run(x);
    return sum(y.mul(values(y.shape).add(2)));
  };
  const variable = new Variable(values(shape));
  const program = (x: Tensor): readonly Tensor[] => {
    const { value, gradients } = valueAndGrad(() => weighted(variable.value), [variable]);
    return [run(x), value, ...gradients];
  };
  const expected = program(variable.value);
  compile(program)(variable.value).forEach((found, at) => {
    expect(found.shape).toEqual(expected[at]?.shape);
    const elements = Array.from(expected[at]?.toTypedArray() ?? []);
    Array.from(found.toTypedArray()).forEach((value, position) => expect(value).toBeCloseTo(elements[position] ?? NaN, 5));
  });
});

describe("ties of scatterReduce share the gradient evenly, as in PyTorch", () => {
  it.each(["max", "min"] as const)("%s", (reduction) => {
    const [base, updates] = [new Variable(tensor([0, 3])), new Variable(tensor([0, 0, 3]))];
    const gradients = (includeSelf: boolean): number[][] => {
      const program = (): Tensor[] =>
        [...valueAndGrad(() => sum(scatterReduce(base.value, int32([0, 0, 1]), updates.value, 0, reduction, { includeSelf })), [base, updates]).gradients];
      const eager = program().map((each) => each.toArray() as number[]);
      expect(compile(program)().map((each) => each.toArray())).toEqual(eager);
      return eager;
    };
    const third = Math.fround(1 / 3);
    expect(gradients(true)).toEqual([[third, 0.5], [third, third, 0.5]]);
    expect(gradients(false)).toEqual([[0, 0], [0.5, 0.5, 1]]);
  });
});

test.each([["a fraction", [2, 2.5]], ["a negative size", [2, -3]]] as const)("expand to %s is refused in the same way", (_, shape) => {
  const message = `expand: [${shape.join(", ")}] is not a shape; sizes are non-negative whole numbers`;
  expect(() => expand(tensor(4.2), shape)).toThrow(message);
  expect(() => compile((x: Tensor) => expand(x, shape))(tensor(4.2))).toThrow(message);
});

/** What throws, as text. */
function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

describe("indices out of range give the same error compiled as eagerly", () => {
  const x = values([3, 2]);
  const attempts: Readonly<Record<string, readonly [index: Tensor, run: (index: Tensor) => Tensor]>> = {
    indexSelect: [int32([1, -4]), (index) => indexSelect(x, index, 0)],
    take: [int32([7]), (index) => take(x, index)],
    takeAlongAxis: [int32([[3], [0], [0]]), (index) => takeAlongAxis(x, index, 1)],
    indexAdd: [int32([3]), (index) => indexAdd(x, index, values([1, 2]), 0)],
    indexCopy: [int32([-4]), (index) => indexCopy(x, index, values([1, 2]), 0)],
    indexFill: [int32([3]), (index) => indexFill(x, index, 1, 0)],
    "scatterReduce max": [int32([3]), (index) => scatterReduce(values([3]), index, values([1]), 0, "max")],
    "scatterReduce prod": [int32([-1]), (index) => scatterReduce(values([3]), index, values([1]), 0, "prod", { includeSelf: false })],
    embedding: [int32([[0, 3]]), (index) => embedding(index, x)],
    "embeddingBag row": [int32([[0, 3]]), (index) => embeddingBag(index, x)],
    "embeddingBag offsets": [int32([0, 2, 1]), (offsets) => embeddingBag(int32([0, 1, 2]), x, { offsets })],
    maxUnpool1d: [int32([[0, 4]]), (index) => maxUnpool1d(values([1, 2]), index, 2)],
    maskedScatter: [int32([1, 1]), (mask) => maskedScatter(values([2]), mask.cast("bool"), values([1]))],
    "maskedScatter of nothing": [int32([0, 1]), (mask) => maskedScatter(values([2]), mask.cast("bool"), zeros([0]))],
    oneHot: [int32([0, 5]), (labels) => oneHot(labels, 3)],
  };

  it.each(Object.entries(attempts))("%s", (name, [index, run]) => {
    const eager = messageOf(() => run(index));
    expect(eager).toMatch(new RegExp(`^ArgumentError: ${name.split(" ")[0] ?? ""}: `));
    expect(messageOf(() => compile(run)(index))).toBe(eager);
  });
});
