import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, TensorDataset } from "@nn/data";
import { Linear, Module, Sequential, Tanh } from "@nn/layers";
import { gaussianNegativeLogLikelihood, mse } from "@nn/losses";
import { Adam, cosineDecay, LBFGS } from "@nn/optim";
import { abs, Generator, linspace, manualSeed, normal, sin, softplus, sqrt, uniform, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

/** A normal distribution for each row: what is expected, and how far off that may be. */
class Forecast extends Module {
  readonly trunk: Sequential;
  readonly mean: Linear;
  readonly spread: Linear;

  constructor(hidden: number, generator: Generator) {
    super();
    this.trunk = new Sequential(new Linear(1, hidden, { generator }), new Tanh(), new Linear(hidden, hidden, { generator }), new Tanh());
    this.mean = new Linear(hidden, 1, { generator });
    this.spread = new Linear(hidden, 1, { generator });
  }

  forward(x: Tensor): { mean: Tensor; variance: Tensor } {
    const features = this.trunk.forward(x);
    return { mean: this.mean.forward(features), variance: softplus(this.spread.forward(features)) };
  }
}

test("a regression tells how uncertain it is", () => {
  manualSeed(2);
  const generator = new Generator(1);
  const noise = (x: Tensor): Tensor => abs(x).mul(0.2).add(0.05);
  const x = uniform([1024, 1], { low: -3, high: 3, generator });
  const y = sin(x).add(noise(x).mul(normal(x.shape, { generator })));

  const model = new Forecast(32, generator);
  const parameters = model.parameters();
  const epochs = 60;
  const loader = new DataLoader(new TensorDataset(x, y), { batchSize: 64, shuffle: true });
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(0.01, { steps: epochs * loader.length }) });
  const step = compile((inputs: Tensor, targets: Tensor) => {
    const { value, gradients } = valueAndGrad(() => {
      const { mean, variance } = model.forward(inputs);
      return gaussianNegativeLogLikelihood(mean, targets, variance);
    }, parameters);
    optimizer.step(gradients);
    return value;
  });
  for (let epoch = 0; epoch < epochs; epoch++) for (const batch of loader) step(...batch);

  const grid = linspace(-2.5, 2.5, 51).reshape([51, 1]);
  const { mean, variance } = model.forward(grid);
  expect(abs(mean.sub(sin(grid))).mean().item()).toBeLessThan(0.06);
  expect(abs(sqrt(variance).sub(noise(grid))).mean().item()).toBeLessThan(0.05);
  // Two thirds of what comes lie within one standard deviation, as they should.
  const seen = model.forward(x);
  const within = abs(y.sub(seen.mean)).less(sqrt(seen.variance)).cast("float32").mean().item();
  expect(within).toBeCloseTo(0.68, 1);
});

test("a small least-squares problem: LBFGS is done where Adam has hardly begun", () => {
  const generator = new Generator(4);
  // Columns of very different sizes: gradients point nearly anywhere but to the minimum.
  const x = normal([200, 10], { generator, dtype: "float64" }).mul(linspace(0.1, 3, 10, { dtype: "float64" }));
  const truth = normal([10, 1], { generator, dtype: "float64" });
  const y = x.matmul(truth);

  /** The steps that it takes until the loss is below 1e-8. */
  function stepsOf(optimize: (parameters: ReturnType<Linear["parameters"]>, evaluate: () => { value: Tensor; gradients: readonly Tensor[] }) => () => Tensor): number {
    const model = new Linear(10, 1, { bias: false, dtype: "float64", generator: new Generator(5) });
    const parameters = model.parameters();
    const step = optimize(parameters, compile(() => valueAndGrad(() => mse(model.forward(x), y), parameters)));
    for (let count = 1; count <= 2000; count++) if (step().item() < 1e-8) return count;
    return Infinity;
  }

  const quasiNewton = stepsOf((parameters, evaluate) => {
    const optimizer = new LBFGS(parameters, { lineSearch: "strongWolfe", maxIterations: 5 });
    return () => optimizer.step(evaluate).value;
  });
  const firstOrder = stepsOf((parameters, evaluate) => {
    const optimizer = new Adam(parameters, { learningRate: 0.05 });
    return compile(() => {
      const { value, gradients } = evaluate();
      optimizer.step(gradients);
      return value;
    });
  });
  expect(quasiNewton).toBeLessThan(8);
  expect(firstOrder).toBeGreaterThan(20 * quasiNewton);
  expect(firstOrder).toBeLessThan(2000);
});
