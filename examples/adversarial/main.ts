import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { LeakyReLU, Linear, Module, ReLU, Sequential, spectralNorm } from "@nn/layers";
import { Adam, linearRamp } from "@nn/optim";
import { argMin, arange, binCount, cdist, cos, Generator, indexSelect, less, mean, min, normal, randomIntegers, sin, softplus, stack, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { drawnBatches } from "../support/drawn-batches.js";
import { energyDistance } from "../support/energy-distance.js";
import { savePicture } from "../support/output.js";
import { sideBySide } from "../support/svg.js";

/** Eight modes on a circle, and points around them. */
const [modes, spread] = [8, 0.05];
const angles = arange(modes).mul((2 * Math.PI) / modes);
const centers = stack([cos(angles), sin(angles)], 1);

/** Real points `[count, 2]`. */
export function draw(count: number, random: Generator): Tensor {
  return indexSelect(centers, randomIntegers([count], { low: 0, high: modes, generator: random }), 0).add(normal([count, 2], { std: spread, generator: random }));
}

/** A generator and a discriminator (Goodfellow et al. 2014); spectral normalisation bounds the slope of the discriminator (Miyato et al. 2018). */
class Adversaries extends Module {
  readonly generator: Sequential;
  readonly discriminator: Sequential;
  readonly #random: Generator;

  constructor(random: Generator) {
    super();
    const linear = (from: number, to: number): Linear => new Linear(from, to, { generator: random });
    const bounded = (from: number, to: number): Linear => spectralNorm(linear(from, to), { generator: random });
    this.generator = new Sequential(linear(8, 64), new ReLU(), linear(64, 64), new ReLU(), linear(64, 2));
    this.discriminator = new Sequential(bounded(2, 64), new LeakyReLU(0.2), bounded(64, 64), new LeakyReLU(0.2), bounded(64, 1));
    this.#random = random;
  }

  /** Generated points, `[count, 2]`. */
  override forward(count: number): Tensor {
    return this.generator.forward(normal([count, 8], { generator: this.#random }));
  }

  /** The logit that a point is real. */
  score(points: Tensor): Tensor {
    return this.discriminator.forward(points).mul(5);
  }
}

/** Trains both networks in turn. Each has an optimizer that changes only this network. */
export async function train({ steps = 4000, isCompiled = true } = {}) {
  const model = new Adversaries(new Generator(1));
  const adam = (network: Module, learningRate: number): Adam => new Adam(network.parameters(), { learningRate: linearRamp(learningRate, 0, { steps }), betas: [0.5, 0.99] });
  const [generatorOptimizer, discriminatorOptimizer] = [adam(model.generator, 2e-3), adam(model.discriminator, 4e-3)];

  const step = (real: Tensor) => {
    const count = real.shape[0] ?? 0;
    const generated = model.forward(count).detach();
    const discriminator = valueAndGrad(() => mean(softplus(model.score(real).neg()).add(softplus(model.score(generated)))), discriminatorOptimizer.parameters);
    discriminatorOptimizer.step(discriminator.gradients);
    const generator = valueAndGrad(() => mean(softplus(model.score(model.forward(count)).neg())), generatorOptimizer.parameters);
    generatorOptimizer.step(generator.gradients);
    return { discriminator: discriminator.value, generator: generator.value };
  };

  const random = new Generator(2);
  const { history } = await fit({
    model,
    optimizer: generatorOptimizer,
    state: { discriminatorOptimizer },
    step: isCompiled ? compile(step) : step,
    batches: drawnBatches(steps, () => draw(128, random)),
    epochs: 1,
    plugins: [progressBar()],
  });
  return { model, losses: history[0]?.values.training };
}

/** The quality of generated points: the fraction near any mode, the fraction near each mode, and the distance from real points. */
export function evaluate(generated: Tensor) {
  const distances = cdist(generated, centers);
  return {
    near: mean(less(min(distances, 1), 4 * spread).cast("float32")).item(),
    modes: binCount(argMin(distances, 1), { minLength: modes }).div(generated.shape[0] ?? 1),
    distance: energyDistance(generated, draw(1000, new Generator(3))),
  };
}

const pairs = (points: Tensor) => points.toArray() as [number, number][];

export async function main(): Promise<void> {
  console.log("Two networks play against each other: one generates points, the other tells them from real ones.");
  const { model } = await train();
  const generated = model.forward(1000);
  const { near, modes: fractions, distance } = evaluate(generated);
  console.log(`near one of the eight modes:  ${(100 * near).toFixed(1)} %`);
  console.log(`fraction of each mode:        ${(fractions.toArray() as number[]).map((each) => each.toFixed(2)).join(" ")}`);
  console.log(`distance from real points:    ${distance.toFixed(4)} (normal noise: 0.06)`);
  const cloud = (title: string, points: Tensor): string => chart([{ name: title, points: pairs(points), as: "points" }], { title, xLabel: "x", yLabel: "y", square: true });
  savePicture("adversarial.svg", sideBySide([cloud("Real", draw(1000, new Generator(3))), cloud("Generated", generated)]));
}
