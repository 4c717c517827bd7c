import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, moons } from "@nn/data";
import { Linear, Module, Sequential, SiLU, SinusoidalPositionalEncoding } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, cosineDecay, ExponentialMovingAverage } from "@nn/optim";
import { concat, cumProd, full, Generator, indexSelect, linspace, normal, randomIntegers, sqrt, sub, unsqueeze, where, zeros, type Tensor } from "@nn/tensor";
import { fit, type Pair } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { energyDistance } from "../support/energy-distance.js";
import { savePicture } from "../support/output.js";
import { sideBySide } from "../support/svg.js";

/** Levels of noise (Ho et al. 2020): `beta` is the variance that a level adds, `signal` the remaining fraction of the data's variance. */
const levels = 50;
const beta = linspace(1e-3, 0.2, levels);
const signal = cumProd(sub(1, beta), 0);

/** The entries of a table for levels `[N]`, as a column. */
const at = (table: Tensor, level: Tensor): Tensor => unsqueeze(indexSelect(table, level, 0), 1);

/** Predicts the noise in points `[N, 2]` at levels of noise `[N]`. */
class Denoiser extends Module {
  readonly #waves: Tensor;
  readonly network: Sequential;

  constructor(features: number, generator: Generator) {
    super();
    this.#waves = new SinusoidalPositionalEncoding(features, { maxLength: levels }).forward(zeros([levels, features]));
    this.network = new Sequential(
      new Linear(2 + features, 128, { generator }), new SiLU(), new Linear(128, 128, { generator }), new SiLU(), new Linear(128, 2, { generator }),
    );
  }

  override forward(points: Tensor, level: Tensor): Tensor {
    return this.network.forward(concat([points, indexSelect(this.#waves, level, 0)], 1));
  }
}

/** Points of two interleaved half circles. */
export const data = (seed: number, count = 4096) => moons({ count, noise: 0.05, seed });

/** Trains a model, and returns the function that generates points. */
export async function train({ epochs = 300, count = 4096, isCompiled = true } = {}) {
  const generator = new Generator(1);
  const model = new Denoiser(16, generator);
  const parameters = model.parameters();
  const batches = new DataLoader(data(1, count), { batchSize: 128, shuffle: true, seed: 1 });
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(3e-3, { steps: epochs * batches.length }) });
  const average = new ExponentialMovingAverage(parameters, { decay: 0.99 });

  /** Adds noise of a random level to the points, and trains the model to predict it. */
  const step = ([points]: Pair<Tensor, Tensor>): Tensor => {
    const noise = normal(points.shape, { generator });
    const level = randomIntegers([points.shape[0] ?? 0], { low: 0, high: levels, generator });
    const noisy = points.mul(sqrt(at(signal, level))).add(noise.mul(sqrt(sub(1, at(signal, level)))));
    const { value, gradients } = valueAndGrad(() => mse(model.forward(noisy, level), noise), parameters);
    optimizer.step(gradients);
    average.update();
    return value;
  };
  const { history } = await fit({ model, optimizer, state: { average }, step: isCompiled ? compile(step) : step, batches, epochs, plugins: [progressBar()] });

  /** Moves points to the next lower level of noise: removes the noise that the model predicts, and adds a little new noise. */
  const denoise = compile((points: Tensor, level: Tensor): Tensor => {
    const variance = at(beta, level);
    const seen = model.forward(points, level).mul(variance).div(sqrt(sub(1, at(signal, level))));
    const renewed = normal(points.shape, { generator }).mul(sqrt(variance));
    return points.sub(seen).div(sqrt(sub(1, variance))).add(where(unsqueeze(level, 1).greater(0), renewed, 0));
  });

  /** Generates points, from pure noise down to no noise; `onLevel` receives the points of each level. */
  const sample = (count: number, onLevel: (level: number, points: Tensor) => void = () => undefined): Tensor => average.applied(() => {
    let points = normal([count, 2], { generator });
    for (let level = levels - 1; level >= 0; level--) {
      onLevel(level, points);
      points = denoise(points, full([count], level, { dtype: "int32" }));
    }
    return points;
  });
  return { sample, loss: history.at(-1)?.values.training.loss ?? NaN };
}

const pairs = (points: Tensor) => points.toArray() as [number, number][];

export async function main(): Promise<void> {
  console.log("A diffusion model learns two interleaved half circles, and turns noise into them.");
  const { sample } = await train();
  const [held] = data(2, 1000).tensors;
  const stages = new Map<number, Tensor>();
  const made = sample(1000, (level, points) => stages.set(level, points));
  console.log(`distance to the data, noise:   ${energyDistance(stages.get(levels - 1) ?? made, held).toFixed(4)}`);
  console.log(`distance to the data, samples: ${energyDistance(made, held).toFixed(4)}`);
  const stage = (title: string, points: Tensor): string => chart([{ name: title, points: pairs(points), as: "points" }], { title, xLabel: "x", yLabel: "y", square: true });
  savePicture("diffusion.svg", sideBySide([
    stage("Noise", stages.get(levels - 1) ?? made), stage("Five levels to go", stages.get(4) ?? made), stage("Samples", made),
  ]));
}
