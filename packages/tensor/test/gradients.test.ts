import { expect, test } from "vitest";
import { isGradients } from "../src/extend.js";
import { gradientsOf, tensor, Variable, zeros } from "../src/index.js";

const [weight, bias] = [new Variable(tensor([1, 2]), { name: "weight" }), new Variable(tensor(3))];
const gradients = gradientsOf([weight, bias], [tensor([10, 20]), tensor(30)]);

test("gradients are an array that also holds its variables", () => {
  expect(gradients.map((each) => each.toArray())).toEqual([[10, 20], 30]);
  expect([...gradients]).toEqual([tensor([10, 20]), tensor(30)]);
  expect(gradients).toEqual([tensor([10, 20]), tensor(30)]);
  expect(gradients.variables).toEqual([weight, bias]);
  expect(Object.keys(gradients)).toEqual(["0", "1"]);
});

test("the result of map belongs to the same variables if it is a gradient for each", () => {
  const halved = gradients.map((each) => each.mul(0.5));
  expect(halved.map((each) => each.toArray())).toEqual([[5, 10], 15]);
  expect(halved.variables[0]).toBe(weight);
  expect(isGradients(gradients.map((each) => each.size))).toBe(false);
  // A function that forgets to return gives no gradients: nothing that an optimizer takes for "leave all as they are".
  expect(isGradients(gradients.map(() => undefined))).toBe(false);
  const partial = gradientsOf([weight, bias], [undefined, tensor(1)]);
  expect(isGradients(partial.map((each) => each?.mul(2)))).toBe(true);
});

test("other methods that make an array lose the variables", () => {
  for (const other of [gradients.slice(), [...gradients], gradients.filter(() => true), gradients.toReversed(), Array.from(gradients), structuredClone([...gradients])]) {
    expect(isGradients(other)).toBe(false);
  }
  expect(Object.isFrozen(gradients)).toBe(true);
});

test("of gives the gradients of some variables, in their order", () => {
  expect(gradients.of([bias, weight]).map((each) => each.toArray())).toEqual([30, [10, 20]]);
  expect(gradients.of([bias]).variables).toEqual([bias]);
  expect(() => gradients.of([new Variable(tensor(0), { name: "other" })])).toThrowErrorMatchingInlineSnapshot(`[UsageError: Gradients.of: there is no gradient of variable 0 ("other"); differentiate with respect to it too]`);
  expect(() => gradients.of(bias as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Gradients.of: variables is a Variable, expected an array]`);
});

test("gradientsOf refuses values that do not fit", () => {
  expect(() => gradientsOf([weight], [])).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: got 0 gradients for 1 variables]`);
  expect(() => gradientsOf([weight], [zeros([3])])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gradientsOf: gradient 0 is [3], expected [2] as its variable]`);
  expect(() => gradientsOf([weight], [zeros([2], { dtype: "float64" })])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: gradientsOf: gradient 0 has dtype float64, expected float32 as its variable]`);
  expect(() => gradientsOf([weight], [1 as never])).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: gradient 0 is 1, expected a Tensor]`);
  expect(() => gradientsOf([weight, weight], [zeros([2]), zeros([2])])).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: variable 1 ("weight") is given twice]`);
  expect(() => gradientsOf([weight.value as never], [zeros([2])])).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: variable 0 is a Tensor, expected a Variable]`);
  expect(() => gradientsOf(weight as never, [zeros([2])])).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: got a Variable and an array of 1, expected a list of variables and a list of their gradients]`);
});
