import { tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { valueAndGrad } from "../src/index.js";

const frozen = (value: number) => Object.assign(new Variable(tensor([value])), { trainable: false });

test("a frozen variable has a gradient of zeros, even if the result depends on nothing else", () => {
  const [x, y] = [new Variable(tensor([2])), frozen(3)];
  const { value, gradients } = valueAndGrad(() => x.value.mul(y.value).sum(), [x, y]);
  expect([value.item(), gradients.map((gradient) => gradient.toArray())]).toEqual([6, [[3], [0]]]);
  expect(valueAndGrad(() => x.value.mul(y.value).sum(), [y, x], { strict: true }).gradients.map((gradient) => gradient.toArray())).toEqual([[0], [3]]);
});

test("freezing and unfreezing work at any time", () => {
  const [x, y] = [new Variable(tensor([2])), frozen(3)];
  y.trainable = true;
  expect(valueAndGrad(() => x.value.mul(y.value).sum(), [x, y]).gradients[1].toArray()).toEqual([2]);
});

test("gradients pass through operations on frozen variables to the others", () => {
  const [x, y] = [new Variable(tensor([2])), frozen(3)];
  const { gradients: [gradient] } = valueAndGrad(() => x.value.mul(y.value).square().mul(y.value).sum(), [x, y]);
  expect(gradient.toArray()).toEqual([2 * 2 * 27]);
});

test("refuses variables that are all frozen, or of which the others do not matter", () => {
  const [x, y] = [new Variable(tensor([2])), frozen(3)];
  expect(() => valueAndGrad(() => y.value.sum(), [y])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: all variables are frozen (trainable is false), expected at least one to differentiate; set trainable to true, or strict: false to get zeros]`);
  expect(() => valueAndGrad(() => y.value.sum(), [x, y])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: no gradient reaches variable 0 [1]: the result does not depend on it (part of another model?), or only through operations without a gradient such as argMax and comparisons; leave it out, or set strict: false to get zeros]`);
  expect(valueAndGrad(() => y.value.sum(), [y], { strict: false }).gradients[0].toArray()).toEqual([0]);
});
