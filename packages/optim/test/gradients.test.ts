import { valueAndGrad } from "@nn/autograd";
import { square, sum, tensor, Variable, type Gradients } from "@nn/tensor";
import { expect, test } from "vitest";
import { clipByGlobalNorm, clipByNorm, clipByValue, GradientAccumulation, LBFGS, LookAhead, SGD, SharpnessAware } from "../src/index.js";

/** Two parameters of the same shape: gradients in the wrong order would fit. */
const pair = (): [Variable, Variable] => [new Variable(tensor([1]), { name: "x" }), new Variable(tensor([2]), { name: "y" })];
const loss = ([x, y]: readonly [Variable, Variable]) => () => sum(square(x.value)).add(sum(y.value.mul(10)));
const at = (variables: readonly Variable[]): number[] => variables.map(({ value }) => value.item());

test("each gradient updates its own parameter, in any order", () => {
  const [x, y] = pair();
  const optimizer = new SGD([x, y], { learningRate: 1 });
  const { gradients } = valueAndGrad(loss([x, y]), [y, x]);
  optimizer.step(gradients);
  expect(at([x, y])).toEqual([-1, -8]);
});

test("so do clipped, scaled and averaged gradients", () => {
  const take = (change: (gradients: Gradients) => Gradients): number[] => {
    const [x, y] = pair();
    new SGD([x, y], { learningRate: 1 }).step(change(valueAndGrad(loss([x, y]), [y, x]).gradients));
    return at([x, y]);
  };
  expect(take((gradients) => clipByValue(gradients, 1.5))).toEqual([-0.5, 0.5]);
  expect(take((gradients) => clipByNorm(gradients, 1)).map((each) => each.toFixed(4))).toEqual(["0.0000", "1.0000"]);
  expect(take((gradients) => clipByGlobalNorm(gradients, Infinity).gradients)).toEqual([-1, -8]);
  expect(take((gradients) => gradients.map((gradient) => gradient.mul(0.5)))).toEqual([0, -3]);
  expect(take((gradients) => gradients.map((gradient, position) => gradient.add(gradients[position] ?? 0).div(2)))).toEqual([-1, -8]);
});

test("all optimizers and wrappers refuse an array of gradients without their variables", () => {
  const [x, y] = pair();
  const sgd = new SGD([x, y], { learningRate: 1 });
  const { value, gradients } = valueAndGrad(loss([x, y]), [x, y]);
  const swapped = gradients.toReversed() as never;
  expect(() => sgd.step(swapped)).toThrowErrorMatchingInlineSnapshot(`[UsageError: SGD.step: got a plain array, which does not carry the parameters of its gradients, expected \`gradients\` of valueAndGrad, the result of gradients.map(…), or gradientsOf(parameters, [...])]`);
  expect(() => new LookAhead(sgd).step(swapped)).toThrow("SGD.step: got a plain array");
  expect(() => new GradientAccumulation(sgd, { every: 2 }).step(swapped)).toThrow("GradientAccumulation.step: got a plain array");
  expect(() => new SharpnessAware(sgd).step(() => ({ value, gradients: swapped }))).toThrow("SharpnessAware.step: got a plain array");
  expect(() => new LBFGS([x, y]).step(() => ({ value, gradients: swapped }))).toThrow("LBFGS.step: got a plain array");
  expect([at([x, y]), sgd.steps]).toEqual([[1, 2], 0]);
});

test("gradients that were changed to another shape or dtype are refused", () => {
  const [x, y] = pair();
  const optimizer = new SGD([x, y], { learningRate: 1 });
  const { gradients } = valueAndGrad(loss([x, y]), [x, y]);
  expect(() => optimizer.step(gradients.map((gradient) => gradient.sum()))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: SGD.step: gradient 0 is [], expected [1] as its parameter]`);
  expect(() => optimizer.step(gradients.map((gradient) => gradient.cast("float64")))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: SGD.step: gradient 0 has dtype float64, expected float32 as its parameter]`);
});

test("gradients of other variables, and missing gradients, are refused", () => {
  const [x, y] = pair();
  const optimizer = new SGD([x], { learningRate: 1 });
  const { gradients } = valueAndGrad(loss([x, y]), [x, y]);
  expect(() => optimizer.step(gradients)).toThrowErrorMatchingInlineSnapshot(`[UsageError: SGD.step: gradient 1 ("y") belongs to no parameter of the optimizer; pass gradients.of(optimizer.parameters) to leave it out]`);
  expect(() => optimizer.step(gradients.of([y]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: SGD.step: there is no gradient of parameter 0 ("x"); differentiate with respect to all parameters of the optimizer]`);
  expect(() => new SGD(pair(), { learningRate: 1 }).step(gradients)).toThrow('SGD.step: there is no gradient of parameter 0 ("x")');
  optimizer.step(gradients.of(optimizer.parameters));
  expect(at([x, y])).toEqual([-1, 2]);
});

test("closures of sharpness-aware steps and of LBFGS may return them in any order", () => {
  const [x, y] = pair();
  const quadratic = () => sum(square(x.value)).add(sum(square(y.value)).mul(3));
  new SharpnessAware(new SGD([x, y], { learningRate: 0.1 }), { radius: 0 }).step(() => valueAndGrad(quadratic, [y, x]));
  expect(at([x, y]).map((each) => each.toFixed(6))).toEqual(["0.800000", "0.800000"]);
  new LBFGS([x, y], { lineSearch: "strongWolfe" }).step(() => valueAndGrad(quadratic, [y, x]));
  expect(at([x, y]).map((each) => Math.abs(each).toFixed(3))).toEqual(["0.000", "0.000"]);
});
