import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { LeakyReLU, Linear, ReLU, Sequential, spectralNorm } from "@nn/layers";
import { Adam, linearRamp } from "@nn/optim";
import { argMin, arange, binCount, cdist, cos, Generator, indexSelect, less, mean, min, normal, randomIntegers, sin, softplus, stack, type Tensor } from "@nn/tensor";
import { chart, sideBySide } from "../support/chart.js";
import { energyDistance } from "../support/energy-distance.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

/** Eight places on a circle, and points around them. */
const [modes, spread] = [8, 0.05];
const angles = arange(modes).mul((2 * Math.PI) / modes);
const centers = stack([cos(angles), sin(angles)], 1);

/** Real points `[count, 2]`. */
export function draw(count: number, generator: Generator): Tensor {
  return indexSelect(centers, randomIntegers([count], { low: 0, high: modes, generator }), 0).add(normal([count, 2], { std: spread, generator }));
}

/**
 * A forger and a judge (Goodfellow et al. 2014); spectral normalisation bounds the judge's slopes (Miyato et al. 2018). Each has a
 * step of its own, and each step changes only its own network.
 */
export function createGame({ steps }: { readonly steps: number }) {
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

/** Plays the game; `onTurns` is called after every hundredth turn. */
export function play({ steps = 4000, onTurns = () => undefined }: { readonly steps?: number; readonly onTurns?: (judge: number, forger: number) => void } = {}) {
  const random = new Generator(2);
  const game = createGame({ steps });
  const [judgeStep, forgerStep] = [compile(game.judgeStep), compile(game.forgerStep)];
  for (let turn = 1; turn <= steps; turn++) {
    const judge = judgeStep(draw(128, random));
    const forger = forgerStep(128);
    if (turn % 100 === 0) onTurns(judge.item(), forger.item());
  }
  return { forge: game.forge };
}

/** How good forged points are: the fraction near a mode, the fraction that each mode gets, and the distance from real points. */
export function judgeForgery(forged: Tensor) {
  const distances = cdist(forged, centers);
  return {
    near: mean(less(min(distances, 1), 4 * spread).cast("float32")).item(),
    modes: binCount(argMin(distances, 1), { minLength: modes }).div(forged.shape[0] ?? 1),
    distance: energyDistance(forged, draw(1000, new Generator(3))),
  };
}

const pairs = (points: Tensor) => points.toArray() as [number, number][];

export function main(): void {
  const steps = 4000;
  console.log("Two networks play against each other: one forges points, the other tells them from real ones.");
  const progress = new Progress("turns of 100", steps / 100);
  const { forge } = play({ steps, onTurns: (judge, forger) => progress.advance(`judge ${judge.toFixed(2)}, forger ${forger.toFixed(2)}`) });
  progress.end();
  const forged = forge(1000);
  const { near, modes: fractions, distance } = judgeForgery(forged);
  console.log(`near one of the eight modes:  ${(100 * near).toFixed(1)} %`);
  console.log(`fraction of each mode:        ${(fractions.toArray() as number[]).map((each) => each.toFixed(2)).join(" ")}`);
  console.log(`distance from real points:    ${distance.toFixed(4)} (normal noise: 0.06)`);
  const cloud = (title: string, points: Tensor): string => chart([{ name: title, points: pairs(points), as: "points" }], { title, xLabel: "x", yLabel: "y", square: true });
  savePicture("adversarial.svg", sideBySide([cloud("Real", draw(1000, new Generator(3))), cloud("Forged", forged)]));
}
