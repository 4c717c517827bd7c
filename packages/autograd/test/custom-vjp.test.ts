import { log1p, round, scatterAdd, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { checkGradients, customVjp, grad, stopGradient, valueAndGrad, vjp } from "../src/index.js";
import { exact, sample } from "./samples.js";

/** log(1 + eˣ) with its derivative given as σ(x). */
const softplus = customVjp((x: Tensor) => log1p(x.exp()), (gradient, { inputs: [x] }) => [gradient.mul(x.sigmoid())]);

/** eˣ with its derivative given as the result. */
const exponential = customVjp((x: Tensor) => x.exp(), (gradient, { output }) => [gradient.mul(output)]);

test("uses the given gradient", () => {
  const roundThrough = customVjp((x: Tensor) => round(x), (gradient) => [gradient]);
  const { value, gradients: [gradient] } = valueAndGrad((x) => roundThrough(x).mul(3).sum(), [tensor([0.8, 1.2])]);
  expect(value.item()).toBe(6);
  expect(gradient.toArray()).toEqual([3, 3]);
});

test("gradients of gradients come from differentiating backward", () => {
  checkGradients(softplus, [sample([3])], { order: 3 });
  checkGradients(exponential, [sample([3])], { order: 3 });
  checkGradients((x) => exponential(softplus(x).mul(x)), [sample([3])], { order: 2 });
});

test("takes several inputs and results; undefined is a zero gradient", () => {
  const both = customVjp(
    (x: Tensor, y: Tensor) => [x.mul(y), x.add(y)] as const,
    ([ofProduct, ofSum], { inputs: [, y] }) => [ofProduct.mul(y).add(ofSum), undefined],
  );
  const { value: [product, sum], pullback } = vjp((x, y) => both(x, y), [tensor(3), tensor(4)]);
  expect([product.item(), sum.item()]).toEqual([12, 7]);
  expect(pullback([tensor(1), tensor(10)]).map((gradient) => gradient.item())).toEqual([14, 0]);
  // A result that is not used gets zeros as its gradient.
  expect(grad((x: Tensor) => both(x, tensor(4))[0])(tensor(3)).item()).toBe(4);
});

test("without differentiation it equals the function", () => {
  expect(softplus(tensor(0)).item()).toBeCloseTo(Math.log(2), 6);
});

test("accepts a function that returns its input, and one that returns a new tensor", () => {
  const doubledGradient = customVjp((x: Tensor) => x, (gradient) => [gradient.mul(2)]);
  expect(grad((x: Tensor) => doubledGradient(x).mul(x))(tensor(3)).item()).toBe(9);
  const constant = customVjp((x: Tensor) => zeros(x.shape), (gradient) => [gradient]);
  expect(grad((x: Tensor) => constant(x).sum())(tensor([1, 2])).toArray()).toEqual([1, 1]);
});

test("whole-number inputs have no gradient", () => {
  const select = customVjp(
    (x: Tensor, index: Tensor) => x.gather(index, 0),
    (gradient, { inputs: [x, index] }) => [scatterAdd(zeros(x.shape), index, gradient, 0), undefined],
  );
  expect(grad((x: Tensor) => select(x, tensor([1, 1], { dtype: "int32" })).sum())(tensor([1, 2])).toArray()).toEqual([0, 2]);
});

test("variables may be written, and read if they are not differentiated", () => {
  const calls = new Variable(tensor(0));
  const counted = customVjp((x: Tensor) => {
    calls.value = calls.value.add(1);
    return x.mul(calls.value);
  }, (gradient) => [gradient]);
  expect(grad((x: Tensor) => counted(counted(x)))(tensor(3)).item()).toBe(1);
  expect(calls.value.item()).toBe(2);
});

describe("errors", () => {
  const weight = new Variable(tensor(2), { name: "weight" });

  test("gradients that do not fit the inputs", () => {
    const wrong = (backward: (gradient: Tensor) => readonly (Tensor | undefined)[]) => () => {
      // @ts-expect-error a list of unknown length
      const fn = customVjp((x: Tensor) => x.mul(2), backward);
      return grad((x: Tensor) => fn(x).sum())(tensor([1, 2]));
    };
    expect(wrong(() => [])).toThrowErrorMatchingInlineSnapshot(`[UsageError: customVjp: backward returned 0 gradients, expected 1, one for each input (undefined for zero)]`);
    expect(wrong((gradient) => [gradient.sum()])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: customVjp: backward returned gradient 0 of shape [], expected that of the input, [2]]`);
    expect(wrong((gradient) => [gradient.cast("int32")])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: customVjp: gradient 0 has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  });

  test("an outer variable or tensor that is differentiated", () => {
    const scaled = customVjp((x: Tensor) => x.mul(weight.value), (gradient) => [gradient]);
    expect(scaled(tensor(3)).item()).toBe(6);
    expect(() => valueAndGrad(() => scaled(tensor(3)), [weight])).toThrowErrorMatchingInlineSnapshot(`[UsageError: customVjp: forward reads the variable "weight", which is differentiated; pass its value as an input]`);
    const enclosing = (outer: (x: Tensor) => Tensor) => grad((x: Tensor) => customVjp((y: Tensor) => y.mul(outer(x)), (gradient) => [gradient])(x));
    expect(() => enclosing((x) => x)(exact([1], []))).toThrowErrorMatchingInlineSnapshot(`[UsageError: customVjp: forward uses a differentiated tensor from outside (in mul); pass it as an input, or wrap it in stopGradient]`);
    expect(enclosing((x) => stopGradient(x))(exact([1], [])).item()).toBe(1);
  });

  test("values that are not tensors", () => {
    // @ts-expect-error a number is not a tensor
    expect(() => softplus(3)).toThrowErrorMatchingInlineSnapshot(`[UsageError: customVjp: input 0 is 3, expected a Tensor]`);
  });
});
