import { grad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { conv1d, conv2d, cumSum, einsum, embedding, full, indexAdd, matmul, ones, scatterAdd, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

/** A million equal float32 terms: added one after another, their sum is wrong by 1 to 4 %; added in blocks, by a few units of the sixth digit. */
const count = 2 ** 20;
const term = Math.fround(0.1);
const positions = zeros([count], { dtype: "int32" });

type Case = readonly [name: string, fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], terms: number];

const sum = (x: Tensor): Tensor => x.mul(0.1).sum();
const kernelGradient = (outputs: number, size: number): Case => [
  `the gradient of ${outputs} kernels of ${size} x ${size}`,
  (x, weight) => grad((w: Tensor) => sum(conv2d(x as Tensor, w)))(weight as Tensor),
  [ones([4, 1, 512, 512]), ones([outputs, 1, size, size])], 4 * (513 - size) ** 2,
];
const product = (m: number, n: number, terms: number): Case => [
  `a product of [${m}, ${terms}] and [${terms}, ${n}]`, (a, b) => matmul(a as Tensor, b as Tensor), [full([m, terms], 0.1), ones([terms, n])], terms,
];

const cases: readonly Case[] = [
  product(1, 1, count), product(1, 8, count), product(4, 4, count / 4), product(16, 20, count / 4),
  ["a product with both transposed", (a, b) => matmul((a as Tensor).transpose(), (b as Tensor).transpose()), [full([count, 3], 0.1), ones([2, count])], count],
  ["einsum", (a, b) => einsum("ki,kj->ij", a as Tensor, b as Tensor), [full([count, 3], 0.1), ones([count, 2])], count],
  kernelGradient(2, 3), kernelGradient(2, 1), kernelGradient(8, 3), kernelGradient(1, 5),
  ["the gradient of a kernel over a line", (x, w) => grad((v: Tensor) => sum(conv1d(x as Tensor, v)))(w as Tensor), [ones([1, 1, count]), ones([2, 1, 3])], count - 2],
  ["the gradient of a bias", (x, b) => grad((v: Tensor) => sum(conv1d(x as Tensor, ones([2, 1, 3]), v)))(b as Tensor), [ones([1, 1, count]), ones([2])], count - 2],
  ["scatterAdd", (base, updates) => scatterAdd(base as Tensor, positions, updates as Tensor, 0), [full([1], 0.1), full([count], 0.1)], count + 1],
  ["scatterAdd to zeros", (updates) => scatterAdd(zeros([1]), positions, updates as Tensor, 0), [full([count], 0.1)], count],
  ["indexAdd", (updates) => indexAdd(zeros([1, 2]), positions, updates as Tensor, 0), [full([count, 2], 0.1)], count],
  ["the gradient of an embedding", (weight) => grad((w: Tensor) => sum(embedding(positions, w)))(weight as Tensor), [ones([1, 2])], count],
  ["cumSum", (x) => cumSum(x as Tensor, 0).slice([-1]), [full([count], 0.1)], count],
];

describe("long float32 sums", () => {
  test.each(cases)("%s", (_, fn, inputs, terms) => {
    for (const result of [fn(...inputs), compile(fn)(...inputs)]) {
      for (const value of result.toTypedArray()) expect(Math.abs(value / (terms * term) - 1)).toBeLessThan(3e-5);
    }
  });
});
