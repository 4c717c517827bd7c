import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { LeakyReLU, Linear, ReLU, Sequential, spectralNorm } from "@nn/layers";
import { Adam, linearRamp } from "@nn/optim";
import { argMin, arange, binCount, cdist, cos, Generator, indexSelect, less, mean, min, normal, randomIntegers, sin, softplus, stack, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { energyDistance } from "../support/energy-distance.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { sideBySide } from "../support/svg.js";

/** Eight modes on a circle, and points around them. */
const [modes, spread] = [8, 0.05];
const angles = arange(modes).mul((2 * Math.PI) / modes);
const centers = stack([cos(angles), sin(angles)], 1);

/** Real points `[count, 2]`. */
export function draw(count: number, random: Generator): Tensor {
  return indexSelect(centers, randomIntegers([count], { low: 0, high: modes, generator: random }), 0).add(normal([count, 2], { std: spread, generator: random }));
}

/**
 * A generator and a discriminator (Goodfellow et al. 2014); spectral normalisation bounds the slope of the discriminator (Miyato et al. 2018).
 * Each network has its own step, which changes only that network.
 */
export function createNetworks({ steps }: { readonly steps: number }) {
  const random = new Generator(1);
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator: random });
  const bounded = (from: number, to: number): Linear => spectralNorm(linear(from, to), { generator: random });
  const generator = new Sequential(linear(8, 64), new ReLU(), linear(64, 64), new ReLU(), linear(64, 2));
  const discriminator = new Sequential(bounded(2, 64), new LeakyReLU(0.2), bounded(64, 64), new LeakyReLU(0.2), bounded(64, 1));
  const generate = (count: number): Tensor => generator.forward(normal([count, 8], { generator: random }));
  /** The logit that a point is real. */
  const score = (points: Tensor): Tensor => discriminator.forward(points).mul(5);

  const [generatorParameters, discriminatorParameters] = [generator.parameters(), discriminator.parameters()];
  const generatorOptimizer = new Adam(generatorParameters, { learningRate: linearRamp(2e-3, 0, { steps }), betas: [0.5, 0.99] });
  const discriminatorOptimizer = new Adam(discriminatorParameters, { learningRate: linearRamp(4e-3, 0, { steps }), betas: [0.5, 0.99] });

  const discriminatorStep = (real: Tensor): Tensor => {
    const generated = generate(real.shape[0] ?? 0).detach();
    const { value, gradients } = valueAndGrad(() => mean(softplus(score(real).neg()).add(softplus(score(generated)))), discriminatorParameters);
    discriminatorOptimizer.step(gradients);
    return value;
  };
  const generatorStep = (count: number): Tensor => {
    const { value, gradients } = valueAndGrad(() => mean(softplus(score(generate(count)).neg())), generatorParameters);
    generatorOptimizer.step(gradients);
    return value;
  };
  return { generate, discriminatorStep, generatorStep };
}

/** Trains both networks in turn; `onTurns` receives the losses of every hundredth turn. */
export function train({ steps = 4000, onTurns = () => undefined }: { readonly steps?: number; readonly onTurns?: (discriminator: number, generator: number) => void } = {}) {
  const random = new Generator(2);
  const networks = createNetworks({ steps });
  const [discriminatorStep, generatorStep] = [compile(networks.discriminatorStep), compile(networks.generatorStep)];
  for (let turn = 1; turn <= steps; turn++) {
    const discriminator = discriminatorStep(draw(128, random));
    const generator = generatorStep(128);
    if (turn % 100 === 0) onTurns(discriminator.item(), generator.item());
  }
  return { generate: networks.generate };
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

export function main(): void {
  const steps = 4000;
  console.log("Two networks play against each other: one generates points, the other tells them from real ones.");
  const progress = new Progress("turns of 100", steps / 100);
  const { generate } = train({ steps, onTurns: (discriminator, generator) => progress.advance(`discriminator ${discriminator.toFixed(2)}, generator ${generator.toFixed(2)}`) });
  progress.end();
  const generated = generate(1000);
  const { near, modes: fractions, distance } = evaluate(generated);
  console.log(`near one of the eight modes:  ${(100 * near).toFixed(1)} %`);
  console.log(`fraction of each mode:        ${(fractions.toArray() as number[]).map((each) => each.toFixed(2)).join(" ")}`);
  console.log(`distance from real points:    ${distance.toFixed(4)} (normal noise: 0.06)`);
  const cloud = (title: string, points: Tensor): string => chart([{ name: title, points: pairs(points), as: "points" }], { title, xLabel: "x", yLabel: "y", square: true });
  savePicture("adversarial.svg", sideBySide([cloud("Real", draw(1000, new Generator(3))), cloud("Generated", generated)]));
}
