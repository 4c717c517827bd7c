import { checkGradients, valueAndGrad } from "@nn/autograd";
import { cosineSimilarity, pairwiseDistance, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropyWithLogits, cosineEmbedding, hingeEmbedding, marginRanking, softMargin, tripletMargin, type LossOptions,
} from "../src/index.js";

const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });

const scores = real([[0.2, -1.3, 0.7], [2.1, 0.4, -0.5], [-0.3, 0.8, 1.9], [0.1, 0.6, -2]]);
const others = real([[0.4, 0.3, -0.7], [1.1, -0.4, 0.2], [0.3, 0.9, 1.2], [1.1, -0.6, -1.5]]);
const signs = real([1, -1, -1, 1]);

/** The losses as functions of float inputs, with everything else fixed. */
const losses: Readonly<Record<string, { readonly inputs: readonly Tensor[]; readonly loss: (inputs: readonly Tensor[], options?: LossOptions) => Tensor }>> = {
  marginRanking: { inputs: [real([0.2, -1, 0.7, 0.1]), real([0.4, 0.3, -0.7, 2])], loss: ([x, y], options) => marginRanking(x as Tensor, y as Tensor, signs, { margin: 0.3, ...options }) },
  tripletMargin: { inputs: [scores, others, scores.mul(others)], loss: ([a, b, c], options) => tripletMargin(a as Tensor, b as Tensor, c as Tensor, { swap: true, p: 3, ...options }) },
  cosineEmbedding: { inputs: [scores, others], loss: ([x, y], options) => cosineEmbedding(x as Tensor, y as Tensor, signs, { margin: 0.1, ...options }) },
};

describe.each(Object.entries(losses))("%s", (_, { inputs, loss }) => {
  test("gradients agree with central differences", () => {
    expect(() => checkGradients((...given) => loss(given), inputs)).not.toThrow();
  });

  test("the reductions agree: one loss for each of four samples, the mean by default", () => {
    const each = [...loss(inputs, { reduction: "none" }).toTypedArray()];
    const total = each.reduce((a, b) => a + b);
    expect(each).toHaveLength(4);
    expect(Math.min(...each)).toBeGreaterThanOrEqual(0);
    expect(loss(inputs, { reduction: "sum" }).item()).toBeCloseTo(total, 12);
    expect(loss(inputs).item()).toBeCloseTo(total / 4, 12);
  });
});

test("a pair exactly at the margin has a gradient", () => {
  const [x, y] = [new Variable(tensor([1])), new Variable(tensor([1]))];
  expect(valueAndGrad(() => marginRanking(x.value, y.value, tensor([1])), [x, y]).gradients.map((each) => each.toArray())).toEqual([[-1], [1]]);
  expect(valueAndGrad(() => hingeEmbedding(x.value, tensor([-1])), [x]).gradients[0].toArray()).toEqual([-1]);
});

describe("tripletMargin", () => {
  test("takes any distance; the default is the Euclidean one", () => {
    const given = tripletMargin(scores, others, scores.neg(), { distance: (x, y) => pairwiseDistance(x, y) });
    expect(given.item()).toBe(tripletMargin(scores, others, scores.neg()).item());
  });

  test("with swap takes the nearer of two distances", () => {
    const [anchor, positive, negative] = [real([[0]]), real([[1]]), real([[3]])];
    expect(tripletMargin(anchor, positive, negative, { margin: 5 }).item()).toBeCloseTo(1 - 3 + 5, 5);
    expect(tripletMargin(anchor, positive, negative, { margin: 5, swap: true }).item()).toBeCloseTo(1 - 2 + 5, 5);
  });
});

describe("cosineEmbedding", () => {
  test("equals the formula of the cosine", () => {
    const cosines = cosineSimilarity(scores, others).toTypedArray();
    cosineEmbedding(scores, others, signs, { reduction: "none" }).toTypedArray().forEach((found, at) => {
      const cosine = cosines[at] as number;
      expect(found).toBeCloseTo(signs.toTypedArray()[at] === 1 ? 1 - cosine : Math.max(0, cosine), 9);
    });
  });

  test("is finite for vectors of any length, with its gradient; a vector of zeros has the cosine 0", () => {
    const x = new Variable(tensor([[3e38, 3e38], [1e-30, 0], [0, 0]]));
    const { value, gradients: [gradient] } = valueAndGrad(() => cosineEmbedding(x.value, tensor([[1, 0], [1, 0], [1, 0]]), tensor([1, 1, 1]), { reduction: "sum" }), [x]);
    expect(value.item()).toBeCloseTo(3 - Math.SQRT1_2, 6);
    expect(gradient.toTypedArray().every(Number.isFinite)).toBe(true);
    expect(cosineEmbedding(tensor([3, 4]), tensor([3, 4]), tensor(1)).item()).toBeCloseTo(0, 6);
  });
});

describe("softMargin", () => {
  test("equals the binary cross-entropy of logits, for scores of any size", () => {
    const [y, bits] = [real([1, -1, 1, -1]), real([1, 0, 1, 0])];
    const expected = binaryCrossEntropyWithLogits(real([-1.5, -2, 0.5, 3]), bits, { reduction: "none" }).toTypedArray();
    softMargin(real([-1.5, -2, 0.5, 3]), y, { reduction: "none" }).toTypedArray().forEach((found, at) => expect(found).toBeCloseTo(expected[at] as number, 12));
    expect(softMargin(tensor([-3e38, 3e38, -1000]), tensor([1, 1, 1]), { reduction: "none" }).toArray()).toEqual([Math.fround(3e38), 0, 1000]);
  });
});

describe("errors", () => {
  const x = zeros([4, 3]);

  test("shapes and dtypes", () => {
    expect(() => marginRanking(zeros([4]), zeros([4, 1]), zeros([4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: marginRanking: first [4] and second [4, 1] differ in shape; reshape or expand one]`);
    expect(() => marginRanking(zeros([4]), zeros([4]), zeros([4], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: marginRanking: target has dtype int32, expected float32 as the first; convert it with .cast("float32")]`);
    expect(() => tripletMargin(x, x, zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: tripletMargin: anchor [4, 3] and negative [3] differ in shape; reshape or expand one]`);
    expect(() => tripletMargin(x, x, undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: tripletMargin: negative is undefined, expected a Tensor]`);
    expect(() => cosineEmbedding(x, x, zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: cosineEmbedding: target is [3] for vectors [4, 3], expected one number for each vector, [..., D] and [...]]`);
    expect(() => cosineEmbedding(x, x, zeros([4], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: cosineEmbedding: target has dtype int32, expected float32 as the vectors; convert it with .cast("float32")]`);
  });

  test("options", () => {
    expect(() => marginRanking(x, x, x, { margin: NaN })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: marginRanking: margin is NaN, expected a finite number]`);
    expect(() => tripletMargin(x, x, x, { p: 1, distance: (a, b) => pairwiseDistance(a, b) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: tripletMargin: p and epsilon belong to the default distance; leave them out if you pass a distance]`);
  });
});
