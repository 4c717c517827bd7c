import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, Sequential, SiLU, SinusoidalPositionalEncoding } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, cosineDecay, ExponentialMovingAverage } from "@nn/optim";
import { cdist, concat, cos, full, Generator, indexSelect, mean, min, normal, randomIntegers, sin, sqrt, sub, tensor, unsqueeze, zeros, type Tensor } from "@nn/tensor";
import { arrowPlaces, betas, levels, shownPoints, signals, type DiffusionShape } from "./diffusion-levels.js";
import { numbersOf } from "./digit-network.js";
import { shapes } from "./shapes.js";
import type { Task } from "./task.js";

export interface DiffusionSettings {
  readonly shape: DiffusionShape;
}

export interface DiffusionView {
  readonly steps: number;
  /** The mean loss of the last steps; `undefined` before the first. */
  readonly loss: number | undefined;
  /** The points on their way from noise (the last level) to data (level 0): for each level from 0 on, `x, y, x, y, …`. They are made anew every hundred steps. */
  readonly paths: readonly (readonly number[])[];
  /** Against the noise that the network sees, at the points of a square grid, for each level from 1 on: `x, y, x, y, …`, row by row from below. */
  readonly arrows: readonly (readonly number[])[];
  /** How far the points at level 0 are from the nearest point of the data, in the mean. */
  readonly distance: number;
}

const [batch, features, hidden, mostSteps, madeEvery, learningRate] = [128, 16, 64, 2000, 100, 6e-3];
/** The network sees each coordinate as waves of these frequencies too: from the coordinates alone, it learns details slowly (Tancik et al. 2020). */
const frequencies = [1, 2, 4, 8];
/** The points of the data among which the nearest one is sought. */
const dataPoints = 2000;

const column = (table: readonly number[], level: Tensor): Tensor => unsqueeze(indexSelect(tensor([...table]), level, 0), 1);

/** A network that says which noise is in points `[N, 2]` at levels `[N]`, of which the first is 0. */
function createDenoiser(generator: Generator) {
  const waves = new SinusoidalPositionalEncoding(features, { maxLength: levels }).forward(zeros([levels, features]));
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator });
  const network = new Sequential(linear(2 + 4 * frequencies.length + features, hidden), new SiLU(), linear(hidden, hidden), new SiLU(), linear(hidden, 2));
  const noiseIn = (points: Tensor, level: Tensor): Tensor => {
    const details = frequencies.flatMap((frequency) => [sin(points.mul(frequency)), cos(points.mul(frequency))]);
    return network.forward(concat([points, ...details, indexSelect(waves, level, 0)], 1));
  };
  return { parameters: network.parameters(), noiseIn };
}

/**
 * Learns the noise that was mixed into the points of a shape, and makes points of noise by taking it away again, level by level: a denoising diffusion model
 * (Ho et al. 2020).
 */
export function diffusion({ shape }: DiffusionSettings): Task<DiffusionView> {
  const generator = new Generator(1);
  const { parameters, noiseIn } = createDenoiser(generator);
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(learningRate, { steps: mostSteps }) });
  const average = new ExponentialMovingAverage(parameters, { decay: 0.98 });

  const learn = compile((points: Tensor) => {
    const noise = normal([batch, 2], { generator });
    const level = randomIntegers([batch], { low: 0, high: levels, generator });
    const signal = column(signals.slice(1), level);
    const noisy = points.mul(sqrt(signal)).add(noise.mul(sqrt(sub(1, signal))));
    const { value, gradients } = valueAndGrad(() => mse(noiseIn(noisy, level), noise), parameters);
    optimizer.step(gradients);
    average.update();
    return value;
  });
  /** One level down: takes away the noise of this level, and adds a little new noise. */
  const denoise = compile((points: Tensor, level: Tensor, renewal: Tensor) => {
    const [beta, signal] = [column(betas, level), column(signals.slice(1), level)];
    return points.sub(noiseIn(points, level).mul(beta).div(sqrt(sub(1, signal)))).div(sqrt(sub(1, beta))).add(renewal.mul(sqrt(beta)));
  });
  const against = compile((points: Tensor, level: Tensor) => noiseIn(points, level).neg());

  const fixed = new Generator(2);
  const data = shapes[shape](dataPoints, fixed);
  const away = compile((points: Tensor) => mean(min(cdist(points, data), 1)));
  const [start, places] = [normal([shownPoints, 2], { generator: fixed }), tensor(arrowPlaces.map((place) => [...place]))];
  // The same random numbers every time, so that two ways differ only by what the network has learned in between.
  const renewals = Array.from({ length: levels }, (_, at) => (at === 0 ? zeros([shownPoints, 2]) : normal([shownPoints, 2], { generator: fixed })));
  const same = (count: number, level: number): Tensor => full([count], level, { dtype: "int32" });
  const make = (): Pick<DiffusionView, "paths" | "arrows" | "distance"> => average.applied(() => {
    const [paths, arrows] = [[numbersOf(start)], [] as (readonly number[])[]];
    let points = start;
    for (let level = levels - 1; level >= 0; level--) {
      arrows.unshift(numbersOf(against(places, same(arrowPlaces.length, level))));
      points = denoise(points, same(shownPoints, level), renewals[level] ?? start);
      paths.unshift(numbersOf(points));
    }
    return { paths, arrows, distance: away(points).item() };
  });
  let steps = 0;
  let loss: number | undefined;
  let made = make();
  return {
    step() {
      const value = learn(shapes[shape](batch, generator)).item();
      loss = loss === undefined ? value : 0.98 * loss + 0.02 * value;
      steps += 1;
      if (steps % madeEvery === 0) made = make();
    },
    view: () => ({ steps, loss, ...made }),
    isDone: () => steps >= mostSteps,
  };
}
