import { DataLoader, TensorDataset } from "@nn/data";
import { Linear, Module, Sequential, Tanh } from "@nn/layers";
import { gaussianNegativeLogLikelihood } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { abs, concat, flip, Generator, linspace, normal, sin, softplus, sqrt, uniform, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";

/** The standard deviation of the noise: it grows with the distance from 0. */
export const noise = (x: Tensor): Tensor => abs(x).mul(0.2).add(0.05);

/** Points on a sine wave with noise, `[count, 1]` each. */
export function draw(count: number, generator: Generator): { readonly x: Tensor; readonly y: Tensor } {
  const x = uniform([count, 1], { low: -3, high: 3, generator });
  return { x, y: sin(x).add(noise(x).mul(normal(x.shape, { generator }))) };
}

/** Predicts a normal distribution for each input `[N, 1]` (Nix and Weigend 1994). */
export class Forecast extends Module {
  readonly trunk: Sequential;
  readonly mean: Linear;
  readonly spread: Linear;

  constructor(hidden: number, generator: Generator) {
    super();
    this.trunk = new Sequential(new Linear(1, hidden, { generator }), new Tanh(), new Linear(hidden, hidden, { generator }), new Tanh());
    this.mean = new Linear(hidden, 1, { generator });
    this.spread = new Linear(hidden, 1, { generator });
  }

  override forward(x: Tensor): { readonly mean: Tensor; readonly variance: Tensor } {
    const features = this.trunk.forward(x);
    return { mean: this.mean.forward(features), variance: softplus(this.spread.forward(features)) };
  }
}

const epochs = 60;

/** Trains a forecast. */
export async function train() {
  const generator = new Generator(1);
  const data = draw(1024, generator);
  const model = new Forecast(32, generator);
  const batches = new DataLoader(new TensorDataset(data.x, data.y), { batchSize: 64, shuffle: true, seed: 2 });
  await fit({
    model,
    loss: ({ mean, variance }, y: Tensor) => gaussianNegativeLogLikelihood(mean, y, variance),
    optimizer: new Adam(model.parameters(), { learningRate: cosineDecay(0.01, { steps: epochs * batches.length }) }),
    batches,
    epochs,
    plugins: [progressBar()],
  });
  return { model, data };
}

/** The error of the forecast, and the fraction of points that lie within one standard deviation of it. */
export function evaluate(model: Forecast, { x, y }: { readonly x: Tensor; readonly y: Tensor }) {
  const grid = linspace(-2.5, 2.5, 51).reshape([51, 1]);
  const onGrid = model.forward(grid);
  const onPoints = model.forward(x);
  return {
    meanError: abs(onGrid.mean.sub(sin(grid))).mean().item(),
    noiseError: abs(sqrt(onGrid.variance).sub(noise(grid))).mean().item(),
    within: abs(y.sub(onPoints.mean)).less(sqrt(onPoints.variance)).cast("float32").mean().item(),
  };
}

const pairs = (x: Tensor, y: Tensor) => concat([x, y], 1).toArray() as [number, number][];

export async function main(): Promise<void> {
  console.log("A network learns a noisy sine wave, and how noisy it is at each point.");
  const { model, data } = await train();
  const { meanError, noiseError, within } = evaluate(model, data);
  console.log(`mean error of the predicted mean:                ${meanError.toFixed(3)}`);
  console.log(`mean error of the predicted standard deviation:  ${noiseError.toFixed(3)}`);
  console.log(`points within one standard deviation:            ${(100 * within).toFixed(0)} % (a normal distribution: 68 %)`);
  const x = linspace(-3, 3, 121).reshape([121, 1]);
  const { mean, variance } = model.forward(x);
  const deviation = sqrt(variance);
  savePicture("regression.svg", chart([
    { name: "± one standard deviation", points: [...pairs(x, mean.add(deviation)), ...pairs(flip(x, 0), flip(mean.sub(deviation), 0))], as: "area" },
    { name: "data", points: pairs(data.x, data.y), as: "points" },
    { name: "predicted mean", points: pairs(x, mean) },
    { name: "sin x", points: pairs(x, sin(x)), as: "dashed" },
  ], { title: "A forecast with its uncertainty", xLabel: "x", yLabel: "y" }));
}
