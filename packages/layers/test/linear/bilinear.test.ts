import { checkGradients } from "@nn/autograd";
import { einsum, Generator, normal, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Bilinear } from "../../src/index.js";

const options = () => ({ dtype: "float64", generator: new Generator(1) }) as const;

test("is linear in each input, by its definition", () => {
  const layer = new Bilinear(3, 4, 2, { ...options(), bias: false });
  const [x, y] = [normal([2, 5, 3], options()), normal([2, 5, 4], options())];
  const want = einsum("abi,oij,abj->abo", x, layer.weight.value, y);
  expect(layer.forward(x, y).sub(want).abs().max().item()).toBeLessThan(1e-12);
  expect(layer.forward(zeros([3], { dtype: "float64" }), zeros([4], { dtype: "float64" })).toArray()).toEqual([0, 0]);
});

test("gradients agree with central differences", () => {
  const layer = new Bilinear(3, 4, 2, options());
  expect(() => checkGradients((x, y) => layer.forward(x, y), [normal([2, 3], options()), normal([2, 4], options())])).not.toThrow();
});

test("errors", () => {
  expect(() => new Bilinear(3, 4, 2).forward(zeros([2, 3]), zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Bilinear: inputs are [2, 3] and [2, 3], expected [..., 3] and [..., 4], alike on the other axes]`);
  expect(() => new Bilinear(3, 4, 2).forward(zeros([2, 3]), zeros([5, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Bilinear: inputs are [2, 3] and [5, 4], expected [..., 3] and [..., 4], alike on the other axes]`);
  expect(() => new Bilinear(3, 0, 2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Bilinear: in2Features is 0, expected a positive whole number]`);
});
