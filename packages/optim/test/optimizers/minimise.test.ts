import { valueAndGrad } from "@nn/autograd";
import { gradientsOf, matmul, square, sum, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, ASGD, cosineDecay, GradientAccumulation, Lion, LookAhead, Muon, NAdam, RAdam, RMSprop, Rprop, SGD,
  Optimizer, SharpnessAware, type Evaluation, type LearningRate, type Updater,
} from "../../src/index.js";

type Make = (x: Variable, learningRate: LearningRate) => Updater;

/** Each optimizer with its learning rates for the parabola and for Rosenbrock's function. */
const optimizers: Readonly<Record<string, readonly [make: Make, parabola: number, rosenbrock: number]>> = {
  SGD: [(x, learningRate) => new SGD([x], { learningRate }), 0.05, 0.002],
  "SGD with momentum": [(x, learningRate) => new SGD([x], { learningRate, momentum: 0.9 }), 0.02, 0.001],
  "SGD with Nesterov's momentum": [(x, learningRate) => new SGD([x], { learningRate, momentum: 0.9, nesterov: true }), 0.02, 0.001],
  Adam: [(x, learningRate) => new Adam([x], { learningRate }), 0.3, 0.05],
  "Adam with AMSGrad": [(x, learningRate) => new Adam([x], { learningRate, amsgrad: true }), 0.3, 0.05],
  AdamW: [(x, learningRate) => new AdamW([x], { learningRate, weightDecay: 0 }), 0.3, 0.05],
  Adafactor: [(x, learningRate) => new Adafactor([x], { learningRate }), 0.3, 0.05],
  Lion: [(x, learningRate) => new Lion([x], { learningRate }), 0.2, 0.02],
  "look-ahead": [(x, learningRate) => new LookAhead(new Adam([x], { learningRate })), 0.3, 0.1],
  "accumulated gradients": [(x, learningRate) => new GradientAccumulation(new Adam([x], { learningRate }), { every: 2 }), 0.3, 0.1],
  Adadelta: [(x, learningRate) => new Adadelta([x], { learningRate, epsilon: 1e-3 }), 1, 0.5],
  Adamax: [(x, learningRate) => new Adamax([x], { learningRate }), 0.3, 0.05],
  ASGD: [(x, learningRate) => new ASGD([x], { learningRate, lambda: 0 }), 0.05, 0.002],
  NAdam: [(x, learningRate) => new NAdam([x], { learningRate }), 0.3, 0.05],
  RAdam: [(x, learningRate) => new RAdam([x], { learningRate, betas: [0.9, 0.95] }), 0.2, 0.02],
  Rprop: [(x, learningRate) => new Rprop([x], { learningRate }), 0.1, 0.01],
  Adagrad: [(x, learningRate) => new Adagrad([x], { learningRate }), 1, 0.5],
  RMSprop: [(x, learningRate) => new RMSprop([x], { learningRate }), 0.1, 0.01],
  "RMSprop, centered, with momentum": [(x, learningRate) => new RMSprop([x], { learningRate, centered: true, momentum: 0.5 }), 0.05, 0.003],
};

/** `(x − 3)² + 10 (y + 1)²`: smallest at (3, −1). */
const parabola = (x: Tensor): Tensor => sum(square(x.sub(tensor([3, -1], { dtype: "float64" }))).mul(tensor([1, 10], { dtype: "float64" })));

/** `(1 − x)² + 100 (y − x²)²` (Rosenbrock 1960): smallest at (1, 1), at the bottom of a curved valley. */
function rosenbrock(x: Tensor): Tensor {
  const [a, b] = [x.slice([0]), x.slice([1])];
  return square(a.neg().add(1)).add(square(b.sub(square(a))).mul(100));
}

function minimise(make: Make, rate: number, f: (x: Tensor) => Tensor, start: readonly number[], steps: number): number {
  const x = new Variable(tensor(start, { dtype: "float64" }));
  const optimizer = make(x, cosineDecay(rate, { steps }));
  for (let step = 0; step < steps; step++) optimizer.step(valueAndGrad(() => f(x.value), [x]).gradients);
  return f(x.value).item();
}

describe.each(Object.entries(optimizers))("%s", (_, [make, forParabola, forRosenbrock]) => {
  test("finds the minimum of a parabola", () => {
    expect(minimise(make, forParabola, parabola, [-2, 2], 300)).toBeLessThan(1e-4);
  });

  test("finds the minimum of Rosenbrock's function", () => {
    expect(minimise(make, forRosenbrock, rosenbrock, [0, 0], 1500)).toBeLessThan(0.1);
  });
});

test("Muon solves a linear system of matrices", () => {
  const [a, b] = [tensor([[2, 1], [0, 1]], { dtype: "float64" }), tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float64" })];
  const x = new Variable(tensor([[0, 0, 0], [0, 0, 0]], { dtype: "float64" }));
  const optimizer = new Muon([x], { learningRate: cosineDecay(0.3, { steps: 200 }), weightDecay: 0 });
  const loss = (): Tensor => sum(square(matmul(a, x.value).sub(b)));
  for (let step = 0; step < 200; step++) optimizer.step(valueAndGrad(loss, [x]).gradients);
  expect(loss().item()).toBeLessThan(1e-3);
});

test("sharpness-aware minimisation finds the minimum of a parabola for every radius", () => {
  const x = new Variable(tensor([-2, 2], { dtype: "float64" }));
  const optimizer = new SharpnessAware(new SGD([x], { learningRate: cosineDecay(0.05, { steps: 300 }) }), { radius: 0.5 });
  for (let step = 0; step < 300; step++) optimizer.step((): Evaluation => valueAndGrad(() => parabola(x.value), [x]));
  expect(parabola(x.value).item()).toBeLessThan(1e-4);
});

test("maximize increases the function", () => {
  const x = new Variable(tensor([0.5]));
  new SGD([x], { learningRate: 1, maximize: true }).step(gradientsOf([x], [tensor([2])]));
  expect(x.value.item()).toBe(2.5);
});

test("ASGD's average follows its definition", () => {
  const x = new Variable(tensor([0], { dtype: "float64" }));
  const optimizer = new ASGD([x], { learningRate: 1, lambda: 0, start: 2 });
  const visited: number[] = [];
  for (const gradient of [1, 2, 3, 4, 5]) {
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([gradient], { dtype: "float64" })]));
    visited.push(x.value.item());
  }
  const [third = 0, fourth = 0, fifth = 0] = visited.slice(2);
  // Up to one step past the start, the average is the parameter; after that, the mean of the parameters that follow.
  expect(optimizer.stateDict().tensors["0.average"]?.item()).toBeCloseTo((fourth + fifth) / 2, 12);
  expect(third).toBe(-6);
});

test("decoupled weight decay does not pass through Adam's scaling", () => {
  const [coupled, decoupled] = [new Variable(tensor([1])), new Variable(tensor([1]))];
  new Adam([coupled], { learningRate: 0.1, weightDecay: 0.5 }).step(gradientsOf([coupled], [tensor([0])]));
  new AdamW([decoupled], { learningRate: 0.1, weightDecay: 0.5 }).step(gradientsOf([decoupled], [tensor([0])]));
  expect(coupled.value.item()).toBeCloseTo(0.9, 6);
  expect(decoupled.value.item()).toBeCloseTo(0.95, 6);
});

test("decoupled weight decay is the same for every optimizer that supports it", () => {
  const make = [Adadelta, Adagrad, Adam, Adamax, NAdam, RAdam, RMSprop] as const;
  for (const Class of make) {
    const x = new Variable(tensor([2], { dtype: "float64" }));
    new Class([x], { learningRate: 0.1, weightDecay: 0.5, decoupledWeightDecay: true }).step(gradientsOf([x], [tensor([0], { dtype: "float64" })]));
    expect([Class.name, x.value.item()]).toEqual([Class.name, expect.closeTo(2 * (1 - 0.1 * 0.5), 12)]);
  }
  const x = new Variable(tensor([2], { dtype: "float64" }));
  new SGD([x], { learningRate: 0.1, momentum: 0.9, weightDecay: 0.5, decoupledWeightDecay: true }).step(gradientsOf([x], [tensor([1], { dtype: "float64" })]));
  expect(x.value.item()).toBeCloseTo(2 * 0.95 - 0.1, 12);
});

describe("options of another kind", () => {
  const x = [new Variable(tensor([1]))];
  test.each<[string, () => unknown]>([
    ["none", () => new SGD(x, undefined as never)],
    ["null", () => new Adam(x, null as never)],
    ["momentum as text", () => new SGD(x, { learningRate: 1, momentum: "0.9" as never })],
    ["dampening as text", () => new SGD(x, { learningRate: 1, dampening: "0.9" as never })],
    ["a switch as text", () => new SGD(x, { learningRate: 1, nesterov: "yes" as never })],
    ["betas that are one number", () => new Adam(x, { betas: 0.9 as never })],
    ["three betas", () => new Adam(x, { betas: [0.9, 0.99, 0.999] as never })],
    ["one eta", () => new Rprop(x, { etas: [0.5] as never })],
    ["two coefficients", () => new Muon([new Variable(tensor([[1]]))], { coefficients: [1, 2] as never })],
    ["a precision that there is not", () => new Adafactor(x, { epsilon: "exact" as never })],
    ["a group's", () => new Adam([{ parameters: x, weightDecay: "0.1" as never }])],
    ["a group's of another optimizer", () => new Adam([{ parameters: x, momentum: 0.9 } as never])],
    ["a rate of a group", () => new Adam([{ parameters: x, learningRate: -1 }])],
    ["no rule", () => new Optimizer({} as never, x, { learningRate: 1 })],
  ])("%s", (_, make) => {
    expect(make).toThrowErrorMatchingSnapshot();
  });
});

/** Three steps on x² in float64. */
function threeSteps(make: (x: Variable) => Optimizer, start: number): number {
  const x = new Variable(tensor([start], { dtype: "float64" }));
  const optimizer = make(x);
  for (let step = 0; step < 3; step++) optimizer.step(gradientsOf(optimizer.parameters, [x.value.mul(2)]));
  return x.value.item();
}

test("NAdam follows the paper's formula, or that of PyTorch 1.13", () => {
  const make = (formula?: "paper" | "pytorch1.13") => threeSteps((x) => new NAdam([x], { learningRate: 0.1, formula }), 1);
  // By hand: m, v, μ and their product as in the paper, in plain numbers.
  const byHand = (extra: boolean): number => {
    let [x, m, v, product] = [1, 0, 0, 1];
    const mu = (t: number): number => 0.9 * (1 - 0.5 * 0.96 ** (t * 4e-3));
    for (let t = 1; t <= 3; t++) {
      const g = 2 * x;
      [m, v] = [0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g];
      product *= mu(t);
      const next = product * mu(t + 1) * (extra ? mu(t) : 1);
      x -= (0.1 * (((1 - mu(t)) * g) / (1 - product) + (mu(t + 1) * m) / (1 - next))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    }
    return x;
  };
  expect(make()).toBeCloseTo(byHand(false), 12);
  expect(make("paper")).toBe(make());
  expect(make("pytorch1.13")).toBeCloseTo(byHand(true), 12);
  expect([make(), make("pytorch1.13")].map((value) => value.toFixed(6))).toEqual(["0.752729", "0.754130"]);
});

test("Rprop in float64 uses no float32 factor", () => {
  const x = new Variable(tensor([0], { dtype: "float64" }));
  const optimizer = new Rprop([x], { learningRate: 0.1 });
  for (let step = 0; step < 2; step++) optimizer.step(gradientsOf(optimizer.parameters, [tensor([1], { dtype: "float64" })]));
  expect(x.value.item()).toBe(-0.1 - 0.1 * 1.2);
});

/** Every optimizer, with options that use all of its numbers; scheduled options are schedules. */
const all: Readonly<Record<string, (x: Variable) => Optimizer>> = {
  Adadelta: (x) => new Adadelta([x], { weightDecay: 0.1 }), Adafactor: (x) => new Adafactor([x], { weightDecay: 0.1 }),
  Adagrad: (x) => new Adagrad([x], { learningRateDecay: 0.3, initialAccumulator: 0.7, weightDecay: 0.1 }),
  Adam: (x) => new Adam([x], { learningRate: 0.1, amsgrad: true, weightDecay: 0.1 }), AdamW: (x) => new AdamW([x], { learningRate: 0.1 }),
  Adamax: (x) => new Adamax([x], { learningRate: 0.1 }), ASGD: (x) => new ASGD([x], { lambda: 0.3, start: 1 }), Lion: (x) => new Lion([x], { weightDecay: 0.1 }),
  NAdam: (x) => new NAdam([x]), RAdam: (x) => new RAdam([x]), RMSprop: (x) => new RMSprop([x], { centered: true, momentum: 0.7 }), Rprop: (x) => new Rprop([x]),
  SGD: (x) => new SGD([x], { learningRate: () => 0.1, momentum: () => 0.7, dampening: 0.3, weightDecay: 0.1 }),
};
test.each(Object.entries(all))("%s computes in float64 throughout: its state is not rounded to float32", (_, make) => {
  const x = new Variable(tensor([0.7], { dtype: "float64" }));
  const optimizer = make(x);
  for (let step = 0; step < 3; step++) optimizer.step(gradientsOf(optimizer.parameters, [x.value.mul(2.1)]));
  for (const value of [x.value, ...Object.values(optimizer.stateDict().tensors)]) {
    expect(value.dtype).toBe("float64");
    expect(Math.fround(value.item()) === value.item() && !Number.isInteger(value.item())).toBe(false);
  }
});

test("options out of range", () => {
  const x = [new Variable(tensor([1]))];
  expect(() => new SGD(x, { learningRate: 1, momentum: -0.1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: momentum is -0.1, expected a finite number, at least 0]`);
  expect(() => new SGD(x, { learningRate: 1, nesterov: true })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: nesterov needs momentum and no dampening, got momentum 0 and dampening 0]`);
  expect(() => new Adam(x, { betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adam: betas[1] is 1, expected a number, at least 0 and below 1]`);
  expect(() => new AdamW(x, { epsilon: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdamW: epsilon is -1, expected a number, at least 0]`);
  expect(() => new Adagrad(x, { initialAccumulator: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adagrad: initialAccumulator is -1, expected a number, at least 0]`);
  expect(() => new Adadelta(x, { rho: 1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adadelta: rho is 1, expected a number, at least 0 and below 1]`);
  expect(() => new Adamax(x, { betas: [-1, 0.9] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adamax: betas[0] is -1, expected a number, at least 0 and below 1]`);
  expect(() => new ASGD(x, { lambda: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ASGD: lambda is -1, expected a number, at least 0]`);
  expect(() => new NAdam(x, { momentumDecay: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: NAdam: momentumDecay is -1, expected a number, at least 0]`);
  expect(() => new RAdam(x, { weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RAdam: weightDecay is -1, expected a number, at least 0]`);
  expect(() => new Rprop(x, { etas: [1.1, 1.2] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Rprop: etas[0] is 1.1, expected a number, at least 0 and below 1]`);
  expect(() => new RMSprop(x, { alpha: NaN })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RMSprop: alpha is NaN, expected a number, at least 0]`);
});
