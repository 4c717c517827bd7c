import { valueAndGrad } from "@nn/autograd";
import { gradientsOf, square, sum, tensor, Variable } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adam, AdamW, GradientAccumulation, LBFGS, LookAhead, SGD, SharpnessAware, type Updater } from "../src/index.js";

/** Two variables, of which the second is frozen, and the loss `Σ x² + Σ y²`. */
function twoVariables() {
  const [x, y] = [new Variable(tensor([4])), Object.assign(new Variable(tensor([4])), { trainable: false })];
  const parameters = [x, y] as const;
  const evaluate = () => valueAndGrad(() => sum(square(x.value)).add(sum(square(y.value))), parameters);
  return { x, y, parameters, evaluate };
}

const make: Readonly<Record<string, (parameters: readonly Variable[]) => Updater>> = {
  "SGD with momentum and weight decay": (parameters) => new SGD(parameters, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.5 }),
  AdamW: (parameters) => new AdamW(parameters, { learningRate: 0.1, weightDecay: 0.5 }),
  LookAhead: (parameters) => new LookAhead(new Adam(parameters, { learningRate: 0.1 }), { every: 2 }),
  GradientAccumulation: (parameters) => new GradientAccumulation(new AdamW(parameters, { learningRate: 0.1 }), { every: 2 }),
};

describe.each(Object.entries(make))("%s", (_, of) => {
  test("leaves a frozen variable and its state unchanged, and updates it once it is no longer frozen", () => {
    const { x, y, parameters, evaluate } = twoVariables();
    const optimizer = of(parameters);
    for (let step = 0; step < 4; step++) optimizer.step(evaluate().gradients);
    expect(y.value.item()).toBe(4);
    expect(x.value.item()).toBeLessThan(4);
    y.trainable = true;
    for (let step = 0; step < 4; step++) optimizer.step(evaluate().gradients);
    expect(y.value.item()).toBeLessThan(4);
  });

  test("a variable that is frozen later keeps its value", () => {
    const { y, parameters, evaluate } = twoVariables();
    const optimizer = of(parameters);
    y.trainable = true;
    for (let step = 0; step < 3; step++) optimizer.step(evaluate().gradients);
    y.trainable = false;
    const held = y.value.item();
    for (let step = 0; step < 5; step++) optimizer.step(evaluate().gradients);
    expect(y.value.item()).toBe(held);
  });
});

test("neither updates nor states of a frozen variable change", () => {
  const { parameters, evaluate } = twoVariables();
  const optimizer = new Adam(parameters, { learningRate: 0.1, weightDecay: 1 });
  for (let step = 0; step < 3; step++) optimizer.step(evaluate().gradients);
  const { updates, tensors } = optimizer.stateDict();
  expect(updates).toEqual([3, 0]);
  expect([tensors["1.firstMoment"]?.item(), tensors["1.secondMoment"]?.item()]).toEqual([0, 0]);
});

test("gradients of a frozen variable are not used, also in sharpness-aware steps", () => {
  const [x, y] = [new Variable(tensor([3])), Object.assign(new Variable(tensor([4])), { trainable: false })];
  const seen: number[] = [];
  const optimizer = new SharpnessAware(new SGD([x, y], { learningRate: 0.25 }), { radius: 1 });
  optimizer.step(() => {
    seen.push(x.value.item(), y.value.item());
    return { value: tensor(0), gradients: gradientsOf([x, y], [x.value.mul(2), y.value.mul(2)]) };
  });
  // The worst point nearby is at a distance of 1 along x alone.
  expect(seen).toEqual([3, 4, 4, 4]);
  expect([x.value.item(), y.value.item()]).toEqual([1, 4]);
});

test("LBFGS minimises over the other variables, also when one is frozen between steps", () => {
  const [x, y] = [new Variable(tensor([3], { dtype: "float64" })), Object.assign(new Variable(tensor([4], { dtype: "float64" })), { trainable: true })];
  const evaluate = () => valueAndGrad(() => sum(square(x.value.sub(1))).add(sum(square(x.value.add(y.value)))), [x, y]);
  const optimizer = new LBFGS([x, y], { maxIterations: 2, lineSearch: "strongWolfe" });
  optimizer.step(evaluate);
  y.trainable = false;
  const held = y.value.item();
  for (let step = 0; step < 10; step++) optimizer.step(evaluate);
  expect(y.value.item()).toBe(held);
  expect(x.value.item()).toBeCloseTo((1 - held) / 2, 6);
});
