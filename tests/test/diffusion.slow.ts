import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, moons } from "@nn/data";
import { Linear, Module, Sequential, SiLU, SinusoidalPositionalEncoding } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, cosineDecay, ExponentialMovingAverage } from "@nn/optim";
import { concat, cumprod, full, Generator, indexSelect, linspace, normal, randomIntegers, sqrt, sub, unsqueeze, where, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { energyDistance } from "./energy-distance.js";

/** Levels of noise (Ho et al. 2020): `beta` is the variance that a level adds, `signal` the share of the data's variance that is left. */
const levels = 50;
const beta = linspace(1e-3, 0.2, levels);
const signal = cumprod(sub(1, beta), 0);

/** Entries of a table for levels `[N]`, as a column. */
const at = (table: Tensor, level: Tensor): Tensor => unsqueeze(indexSelect(table, level, 0), 1);

/** The noise in points `[N, 2]` at levels of noise `[N]`. */
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

function begin(steps: number) {
  const generator = new Generator(1);
  const model = new Denoiser(16, generator);
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(3e-3, { steps }) });
  const average = new ExponentialMovingAverage(parameters, { decay: 0.99 });

  const step = (points: Tensor): Tensor => {
    const noise = normal(points.shape, { generator });
    const level = randomIntegers([points.shape[0] ?? 0], { low: 0, high: levels, generator });
    const noisy = points.mul(sqrt(at(signal, level))).add(noise.mul(sqrt(sub(1, at(signal, level)))));
    const { value, gradients } = valueAndGrad(() => mse(model.forward(noisy, level), noise), parameters);
    optimizer.step(gradients);
    average.update();
    return value;
  };
  /** From points at levels of noise to the levels below: the noise that the model sees is taken out, and a little put in anew. */
  const denoise = (points: Tensor, level: Tensor): Tensor => {
    const variance = at(beta, level);
    const seen = model.forward(points, level).mul(variance).div(sqrt(sub(1, at(signal, level))));
    const renewed = normal(points.shape, { generator }).mul(sqrt(variance));
    return points.sub(seen).div(sqrt(sub(1, variance))).add(where(unsqueeze(level, 1).greater(0), renewed, 0));
  };
  return { average, step, denoise, generator };
}

test("a diffusion model turns noise into moons", () => {
  const epochs = 60;
  const train = moons({ count: 4096, noise: 0.05, seed: 1 });
  const loader = new DataLoader(train, { batchSize: 128, shuffle: true, seed: 1 });
  const { step: eagerly } = begin(epochs * loader.length);
  const { average, step, ...sampler } = begin(epochs * loader.length);
  const compiled = compile(step);
  for (const [x] of [train.batch([0, 1, 2]), train.batch([3, 4, 5])]) expect(compiled(x).item()).toBeCloseTo(eagerly(x).item(), 4);
  for (let epoch = 0; epoch < epochs; epoch++) for (const [x] of loader) compiled(x);

  const denoise = compile(sampler.denoise);
  const sample = (count: number): Tensor => {
    let points = normal([count, 2], { generator: sampler.generator });
    for (let level = levels - 1; level >= 0; level--) points = denoise(points, full([count], level, { dtype: "int32" }));
    return points;
  };
  const [held] = moons({ count: 1000, noise: 0.05, seed: 2 }).tensors;
  // Normal noise is at a distance of 0.21.
  expect(average.applied(() => energyDistance(sample(1000), held))).toBeLessThan(0.02);
});
