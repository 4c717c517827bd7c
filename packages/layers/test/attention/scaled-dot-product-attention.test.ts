import { checkGradients, grad } from "@nn/autograd";
import { full, Generator, normal, slice, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { scaledDotProductAttention, squareSubsequentMask } from "../../src/index.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const [query, key, value] = [random([2, 3, 4], 1), random([2, 5, 4], 2), random([2, 5, 6], 3)];

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const wanted = b.toTypedArray();
  a.toTypedArray().forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 12));
}

describe("masks", () => {
  test("a masked key has no effect", () => {
    const mask = tensor([true, true, true, false, false]);
    const without = scaledDotProductAttention(query, slice(key, [{}, { stop: 3 }]), slice(value, [{}, { stop: 3 }]));
    expectClose(scaledDotProductAttention(query, key, value, { mask }), without);
    const added = tensor([0, 0, 0, -Infinity, -Infinity], { dtype: "float64" });
    expectClose(scaledDotProductAttention(query, key, value, { mask: added }), without);
  });

  test("causal equals a mask that allows earlier positions", () => {
    const causal = scaledDotProductAttention(key, key, value, { causal: true });
    expectClose(causal, scaledDotProductAttention(key, key, value, { mask: squareSubsequentMask(5, { dtype: "float64" }) }));
    expectClose(slice(causal, [{}, 0]), slice(value, [{}, 0]));
  });

  test("a query without allowed keys gives zeros, and gradients without NaN", () => {
    const mask = tensor([[true, false], [false, false]]);
    const [q, k, v] = [random([2, 3], 4), random([2, 3], 5), random([2, 3], 6)];
    expect(scaledDotProductAttention(q, k, v, { mask }).slice([1]).toArray()).toEqual([0, 0, 0]);
    const gradient = grad((x: Tensor) => sum(scaledDotProductAttention(x, k, v, { mask }).square()))(q);
    expect([...gradient.toTypedArray()].every(Number.isFinite)).toBe(true);
    const none = full([2], -Infinity, { dtype: "float64" });
    expect(scaledDotProductAttention(q, k, v, { mask: none }).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
  });
});

test("gradients agree with central differences", () => {
  const mask = tensor([[true, false, true, true, true], [true, true, true, true, false], [false, true, true, true, true]]);
  const run = (q: Tensor, k: Tensor, v: Tensor): Tensor => scaledDotProductAttention(q, k, v, { mask, causal: true, scale: 0.7 });
  expect(() => checkGradients(run, [query, key, value])).not.toThrow();
});

test("dropout drops weights and keeps the expectation", () => {
  const ones = full([1, 4000], 1);
  const given = (generator: Generator): number => scaledDotProductAttention(zeros([1, 1]), zeros([4000, 1]), ones.transpose(), { dropout: 0.25, generator }).item();
  const [a, b] = [given(new Generator(1)), given(new Generator(2))];
  expect(a).not.toBe(b);
  expect(a).toBeCloseTo(1, 1);
});

test("errors", () => {
  expect(() => scaledDotProductAttention(zeros([3, 4]), zeros([5, 3]), zeros([5, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: scaledDotProductAttention: query, key and value are [3, 4], [5, 3], [5, 4], expected query and key of one size (last axis)]`);
  expect(() => scaledDotProductAttention(zeros([3, 4]), zeros([5, 4]), zeros([6, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: scaledDotProductAttention: query, key and value are [3, 4], [5, 4], [6, 4], expected as many values as keys (last axis but one)]`);
  expect(() => scaledDotProductAttention(zeros([4]), zeros([5, 4]), zeros([5, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: scaledDotProductAttention: query, key and value are [4], [5, 4], [5, 4], expected at least two axes each: […, steps, size]]`);
  expect(() => scaledDotProductAttention(zeros([3, 4]), zeros([5, 4]), zeros([5, 4]), { mask: full([5, 3], true) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: scaledDotProductAttention: a mask is [5, 3], expected a shape that broadcasts to [3, 5]: […, queries, keys]]`);
  expect(() => scaledDotProductAttention(zeros([3, 4]), zeros([5, 4]), zeros([5, 4]), { mask: zeros([5], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: scaledDotProductAttention: a mask has dtype int32, expected bool, or a float that is added]`);
});
