import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, Sequential, Tanh } from "@nn/layers";
import { gaussianNegativeLogLikelihood } from "@nn/losses";
import { Adam } from "@nn/optim";
import { exp, full, Generator, linspace, normal, select, sin, sqrt, uniform, type Tensor } from "@nn/tensor";
import type { Task } from "./task.js";

/** How the noise of the examples depends on x: its standard deviation. */
const spreads = {
  growing: (x) => x.add(3).mul(0.11).add(0.04),
  even: (x) => full(x.shape, 0.25),
  middle: (x) => exp(x.square().neg()).mul(0.6).add(0.06),
} as const satisfies Readonly<Record<string, (x: Tensor) => Tensor>>;

export type SpreadName = keyof typeof spreads;
export const spreadNames = ["growing", "even", "middle"] as const;

export interface UncertaintySettings {
  readonly spread: SpreadName;
  readonly seed: number;
}

export interface UncertaintyView {
  readonly steps: number;
  /** The examples. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Mean and standard deviation that the network answers, at evenly spaced points from left to right. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** The standard deviation with which the examples were made, at the same points. */
  readonly truth: readonly number[];
  /** The mean negative log-likelihood of the examples. */
  readonly loss: number;
  /** The share of examples that are less than two standard deviations from the mean. */
  readonly within: number;
}

/** The part of the plane that figures show, in both directions. */
export const range = [-3, 3] as const;

const [examples, curvePoints, units, learningRate, lastStep] = [200, 121, 24, 0.01, 1200];

/** A network learns a mean and a variance for every x, by the Gaussian likelihood of noisy examples. */
export function uncertainty({ spread, seed }: UncertaintySettings): Task<UncertaintyView> {
  const generator = new Generator(seed);
  const x = uniform([examples], { low: range[0], high: range[1], generator });
  const y = sin(x.mul(1.5)).add(normal([examples], { generator }).mul(spreads[spread](x)));
  const model = new Sequential(new Linear(1, units, { generator }), new Tanh(), new Linear(units, 2, { generator }));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate });

  /** The first output is the mean, the second one the logarithm of the variance, which may be any number. */
  const distribution = (input: Tensor): { readonly mean: Tensor; readonly variance: Tensor } => {
    const output = model.forward(input.reshape([-1, 1]));
    return { mean: select(output, 1, 0), variance: exp(select(output, 1, 1)) };
  };
  const lossOf = (input: Tensor, target: Tensor): Tensor => {
    const { mean, variance } = distribution(input);
    return gaussianNegativeLogLikelihood(mean, target, variance);
  };
  const learn = compile((input: Tensor, target: Tensor) => {
    const { value, gradients } = valueAndGrad(() => lossOf(input, target), parameters);
    optimizer.step(gradients);
    return value;
  });
  const everywhere = linspace(...range, curvePoints);
  const answer = compile((input: Tensor) => {
    const { mean, variance } = distribution(input);
    return { mean, deviation: sqrt(variance) };
  });
  const measure = compile((input: Tensor, target: Tensor) => {
    const { mean, variance } = distribution(input);
    const near = target.sub(mean).square().less(variance.mul(4)).cast("float32");
    return { loss: lossOf(input, target), within: near.mean() };
  });
  const list = (values: Tensor): number[] => values.toArray() as number[];
  const [xs, ys, truth] = [list(x), list(y), list(spreads[spread](everywhere))];
  const points = xs.map((at, index) => [at, ys[index] ?? NaN] as const);
  let steps = 0;
  return {
    step() {
      learn(x, y);
      steps += 1;
    },
    view() {
      const [{ mean, deviation }, { loss, within }] = [answer(everywhere), measure(x, y)];
      return { steps, points, means: list(mean), deviations: list(deviation), truth, loss: loss.item(), within: within.item() };
    },
    isDone: () => steps >= lastStep,
  };
}
