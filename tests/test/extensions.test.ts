import { checkGradients, grad, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader } from "@nn/data";
import { Linear, Module, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, SGD, type Optimizer } from "@nn/optim";
import { Generator, gradientsOf, normal, sum, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { Windows } from "nn-extension-dataset";
import { unitRows } from "nn-extension-initializer";
import { RunningMean, SwiGLU } from "nn-extension-layer";
import { logCosh } from "nn-extension-loss";
import { binarize, cubeRoot } from "nn-extension-operation";
import { AdaBelief } from "nn-extension-optimizer";
import { inverseSquareRoot } from "nn-extension-schedule";
import { describe, expect, test } from "vitest";

// Runs the packages under fixtures/extensions. `npm test` first builds them as their authors would, against the published declarations.

type Program = (...inputs: Tensor[]) => Tensor;

const modes: readonly (readonly [name: string, prepare: (program: Program) => Program])[] = [["eagerly", (program) => program], ["compiled", compile]];

const seeded = (seed: number) => ({ generator: new Generator(seed) });
const x = normal([16, 3], seeded(1));
const y = normal([16, 2], seeded(2));

interface Training {
  readonly model: TensorModule;
  readonly loss?: (prediction: Tensor, target: Tensor) => Tensor;
  readonly optimizer?: (parameters: readonly Variable[]) => Optimizer;
}

/** The losses of 30 steps. */
function train(prepare: (program: Program) => Program, { model, loss = mse, optimizer: make }: Training): number[] {
  const parameters = model.parameters();
  const optimizer = make?.(parameters) ?? new Adam(parameters, { learningRate: 0.03 });
  const step = prepare((input, target) => {
    const { value, gradients } = valueAndGrad(() => loss(model.forward(input as Tensor), target as Tensor), parameters);
    optimizer.step(gradients);
    return value;
  });
  return Array.from({ length: 30 }, () => step(x, y).item());
}

/** Trains eagerly and compiled, each from a new model: the losses are the same, and fall. */
function expectTraining(make: () => Training): void {
  const [eager, compiled] = modes.map(([, prepare]) => train(prepare, make())) as [number[], number[]];
  eager.forEach((loss, step) => expect(compiled[step]).toBeCloseTo(loss, 4));
  expect(eager.at(-1)).toBeLessThan(0.9 * (eager[0] as number));
}

const perceptron = (): TensorModule => new Sequential(new Linear(3, 8, seeded(3)), new Tanh(), new Linear(8, 2, seeded(4)));

describe("a layer", () => {
  test("trains", () => {
    expectTraining(() => ({ model: new Sequential(new RunningMean(3), new SwiGLU(3, { hiddenFeatures: 5, ...seeded(3) }), new Linear(3, 2, seeded(4))) }));
  });

  test("has the gradients of its function", () => {
    const layer = new SwiGLU(2, { hiddenFeatures: 3, dtype: "float64", ...seeded(3) });
    checkGradients((input: Tensor) => layer.forward(input), [normal([4, 2], seeded(5))], { order: 2 });
    checkGradients((input: Tensor) => new RunningMean(2, { dtype: "float64" }).forward(input), [normal([4, 2], seeded(5))]);
  });

  test("names its state as PyTorch would, and loads it", () => {
    const model = new Sequential(new RunningMean(2), new SwiGLU(2, { hiddenFeatures: 3 }));
    const state = model.stateDict();
    expect(Object.keys(state).toSorted()).toEqual(["0.running_mean", "1.gate.weight", "1.output.weight", "1.scale", "1.value.weight"]);
    model.loadStateDict(state);
  });

  test.each(modes)("keeps a running mean in training and uses it in evaluation, %s", (_, prepare) => {
    const layer = new RunningMean(1);
    const run = prepare((input) => layer.forward(input as Tensor));
    expect(run(tensor([[4], [6]])).toArray()).toEqual([[-1], [1]]);
    expect(layer.runningMean.value.toArray()).toEqual([0.5]);
    layer.eval();
    expect(run(tensor([[4], [6]])).toArray()).toEqual([[3.5], [5.5]]);
  });
});

describe("a loss", () => {
  test("trains", () => expectTraining(() => ({ model: perceptron(), loss: logCosh })));

  test("has the values and gradients of its function, also where cosh overflows", () => {
    const errors = [-1000, -1, 0, 0.5, 20];
    const values = logCosh(tensor(errors, { dtype: "float64" }), zeros([5], { dtype: "float64" }), { reduction: "none" });
    expect(values.toArray()).toEqual([1000 - Math.LN2, Math.log(Math.cosh(1)), 0, Math.log(Math.cosh(0.5)), 20 - Math.LN2].map((each) => expect.closeTo(each, 12)));
    checkGradients((a: Tensor, b: Tensor) => logCosh(a, b), [tensor([-2, -0.3, 0.4, 3]), tensor([1, 2, -1, 0])], { order: 2 });
  });

  test("refuses shapes that differ", () => {
    expect(() => logCosh(zeros([2, 3]), zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: logCosh: prediction is [2, 3], but target is [3]]`);
  });
});

describe("an optimizer", () => {
  test("trains", () => {
    expectTraining(() => ({ model: perceptron(), optimizer: (parameters) => new AdaBelief(parameters, { learningRate: inverseSquareRoot(0.05, { warmup: 5 }) }) }));
  });

  test.each(modes)("makes the steps of its formula, %s", (_, prepare) => {
    const weight = new Variable(tensor([1, -2], { dtype: "float64" }));
    const optimizer = new AdaBelief([weight], { learningRate: 0.1, betas: [0.8, 0.9] });
    const step = prepare((gradient) => {
      optimizer.step(gradientsOf(optimizer.parameters, [gradient]));
      return weight.value;
    });
    const expected = [1, -2].map((position) => ({ position, mean: 0, distance: 0 }));
    for (const [at, gradients] of [[2, 1], [-1, 3], [0.5, 0]].entries()) {
      expected.forEach((each, index) => {
        const gradient = gradients[index] as number;
        each.mean += 0.2 * (gradient - each.mean);
        each.distance += 0.1 * ((gradient - each.mean) ** 2 - each.distance);
        each.position -= (0.1 * each.mean) / (1 - 0.8 ** (at + 1)) / (Math.sqrt(each.distance / (1 - 0.9 ** (at + 1))) + 1e-8);
      });
      const found = step(tensor(gradients, { dtype: "float64" }));
      expect(found.toArray()).toEqual(expected.map(({ position }) => expect.closeTo(position, 12)));
    }
  });

  test("saves its state and continues", () => {
    const start = (): readonly [Variable, AdaBelief] => {
      const weight = new Variable(tensor([1, -2]));
      return [weight, new AdaBelief([weight], { learningRate: 0.1 })];
    };
    const [weight, optimizer] = start();
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([2, 1])]));
    const [other, resumed] = start();
    other.value = weight.value;
    resumed.loadStateDict(optimizer.stateDict());
    for (const each of [optimizer, resumed]) each.step(gradientsOf(each.parameters, [tensor([-1, 3])]));
    expect(other.value.toArray()).toEqual(weight.value.toArray());
  });
});

test.each(modes)("a schedule is asked for every step, %s", (_, prepare) => {
  const schedule = inverseSquareRoot(0.5, { warmup: 4 });
  const weight = new Variable(tensor(0, { dtype: "float64" }));
  const optimizer = new SGD([weight], { learningRate: schedule });
  const step = prepare((gradient) => {
    optimizer.step(gradientsOf(optimizer.parameters, [gradient]));
    return weight.value;
  });
  let expected = 0;
  for (const rate of [0.125, 0.25, 0.375, 0.5, 0.5 * Math.sqrt(4 / 5), 0.5 * Math.sqrt(4 / 6)]) {
    expected -= rate;
    expect(step(tensor(1, { dtype: "float64" })).item()).toBeCloseTo(expected, 12);
  }
});

describe("an initializer", () => {
  test("trains", () => expectTraining(() => ({ model: new Linear(3, 2, { ...seeded(3), initializeWeight: unitRows }) })));

  test.each(modes)("draws directions, %s", (_, prepare) => {
    const options = seeded(7);
    const draw = prepare(() => unitRows([5, 3], options));
    const [first, second] = [draw(), draw()];
    expect(sum(first.square(), 1).toArray()).toEqual([1, 1, 1, 1, 1].map((each) => expect.closeTo(each, 6)));
    expect(second.toArray()).not.toEqual(first.toArray());
    expect(first.toArray()).toEqual((unitRows([5, 3], seeded(7)).toArray() as number[][]).map((row) => row.map((each) => expect.closeTo(each, 6))));
  });
});

class BinaryNetwork extends Module {
  readonly features = new Linear(3, 8, { dtype: "float64", ...seeded(3) });
  readonly output = new Linear(8, 2, { dtype: "float64", ...seeded(4) });

  override forward(input: Tensor): Tensor {
    const features = this.features.forward(input.cast("float64"));
    return this.output.forward(binarize(features).add(cubeRoot(features)));
  }
}

describe("an operation", () => {
  test("trains", () => {
    // In float64: near some inputs both operations amplify rounding errors.
    expectTraining(() => ({ model: new BinaryNetwork(), loss: (prediction, target) => mse(prediction, target.cast("float64")) }));
  });

  test("has the gradients of its function, of any order", () => {
    checkGradients(cubeRoot, [tensor([-8, -1, 0.5, 27])], { order: 3, tolerance: 1e-5 });
  });

  test.each(modes)("has its custom gradient, and gradients of that, %s", (_, prepare) => {
    const slope = prepare(grad((input: Tensor) => sum(binarize(input).mul(3))));
    expect(slope(tensor([-2, -0.5, 0, 1, 1.5])).toArray()).toEqual([0, 3, 3, 3, 0]);
    const curvature = prepare(grad((input: Tensor) => sum(grad((inner: Tensor) => sum(cubeRoot(inner)))(input))));
    expect(curvature(tensor([-8, 1, 27])).toArray()).toEqual([2 / 288, -2 / 9, -2 / 2187].map((each) => expect.closeTo(each, 6)));
  });
});

describe("a data set", () => {
  test("has its items, one by one and in batches", () => {
    const windows = new Windows([1, 2, 3, 5, 8], { length: 2 });
    expect(Array.from(windows, ([values, next]) => [values.toArray(), next.item()])).toEqual([[[1, 2], 3], [[2, 3], 5], [[3, 5], 8]]);
    const [values, next] = windows.filter(([, following]) => following.item() > 3).batch([1, 0]);
    expect([values.toArray(), next.toArray()]).toEqual([[[3, 5], [2, 3]], [8, 5]]);
    expect(new Windows([1], { length: 2 }).length).toBe(0);
  });

  test.each(modes)("trains, %s", (_, prepare) => {
    const wave = Float32Array.from({ length: 64 }, (_, at) => Math.sin(at / 3));
    const loader = new DataLoader(new Windows(wave, { length: 4 }), { batchSize: 16, shuffle: true, seed: 1, dropLast: true });
    const model = new Linear(4, 1, seeded(3));
    const parameters = model.parameters();
    const optimizer = new Adam(parameters, { learningRate: 0.05 });
    const step = prepare((values, next) => {
      const { value, gradients } = valueAndGrad(() => mse(model.forward(values as Tensor).reshape([-1]), next as Tensor), parameters);
      optimizer.step(gradients);
      return value;
    });
    let loss = Infinity;
    for (let epoch = 0; epoch < 30; epoch++) for (const [values, next] of loader) loss = step(values, next).item();
    expect(loss).toBeLessThan(0.01);
  });
});
