import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { LeakyReLU, Linear, ReLU, Sequential, spectralNorm } from "@nn/layers";
import { Adam, linearRamp } from "@nn/optim";
import { argMin, arange, bincount, cdist, cos, Generator, indexSelect, less, mean, min, normal, randomIntegers, sin, softplus, stack, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { energyDistance } from "./energy-distance.js";

/** Eight places on a circle, and points around them. */
const [modes, spread] = [8, 0.05];
const angles = arange(modes).mul((2 * Math.PI) / modes);
const centers = stack([cos(angles), sin(angles)], 1);

function draw(count: number, generator: Generator): Tensor {
  return indexSelect(centers, randomIntegers([count], { low: 0, high: modes, generator }), 0).add(normal([count, 2], { std: spread, generator }));
}

/** A forger and a judge (Goodfellow et al. 2014); the judge's slopes are bounded by spectral normalisation (Miyato et al. 2018). */
function begin(steps: number) {
  const generator = new Generator(1);
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator });
  const bounded = (from: number, to: number): Linear => spectralNorm(linear(from, to), { generator });
  const forger = new Sequential(linear(8, 64), new ReLU(), linear(64, 64), new ReLU(), linear(64, 2));
  const judge = new Sequential(bounded(2, 64), new LeakyReLU(0.2), bounded(64, 64), new LeakyReLU(0.2), bounded(64, 1));
  const forge = (count: number): Tensor => forger.forward(normal([count, 8], { generator }));
  /** The logit of being real. */
  const score = (points: Tensor): Tensor => judge.forward(points).mul(5);

  const [ofForger, ofJudge] = [forger.parameters(), judge.parameters()];
  const forging = new Adam(ofForger, { learningRate: linearRamp(2e-3, 0, { steps }), betas: [0.5, 0.99] });
  const judging = new Adam(ofJudge, { learningRate: linearRamp(4e-3, 0, { steps }), betas: [0.5, 0.99] });

  const judgeStep = (real: Tensor): Tensor => {
    const forged = forge(real.shape[0] ?? 0).detach();
    const { value, gradients } = valueAndGrad(() => mean(softplus(score(real).neg()).add(softplus(score(forged)))), ofJudge);
    judging.step(gradients);
    return value;
  };
  const forgerStep = (count: number): Tensor => {
    const { value, gradients } = valueAndGrad(() => mean(softplus(score(forge(count)).neg())), ofForger);
    forging.step(gradients);
    return value;
  };
  return { forge, judgeStep, forgerStep };
}

test("two networks play against each other until one draws from the distribution", () => {
  const [steps, random] = [4000, new Generator(2)];
  const eager = begin(steps);
  const { forge, ...compiled } = begin(steps);
  const [judgeStep, forgerStep] = [compile(compiled.judgeStep), compile(compiled.forgerStep)];
  for (const real of [draw(128, random), draw(128, random)]) {
    expect(judgeStep(real).item()).toBeCloseTo(eager.judgeStep(real).item(), 4);
    expect(forgerStep(128).item()).toBeCloseTo(eager.forgerStep(128).item(), 4);
  }
  for (let turn = 0; turn < steps; turn++) {
    judgeStep(draw(128, random));
    forgerStep(128);
  }

  const forged = forge(1000);
  const distances = cdist(forged, centers);
  expect(mean(less(min(distances, 1), 4 * spread).cast("float32")).item()).toBeGreaterThan(0.85);
  const shares = bincount(argMin(distances, 1), { minLength: modes }).div(1000);
  expect(shares.min().item()).toBeGreaterThan(0.08);
  // Normal points are at a distance of 0.06, others of the same distribution at 0.001.
  expect(energyDistance(forged, draw(1000, random))).toBeLessThan(0.01);
});
