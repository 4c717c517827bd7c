import { valueAndGrad } from "@nn/autograd";
import { huber, l1, mse, type LossOptions } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import type { Task } from "./task.js";

/** Losses of a prediction and a target. Huber's is quadratic up to an error of 0.5. */
export const losses = {
  L2: mse,
  L1: l1,
  Huber: (prediction: Tensor, target: Tensor, options?: LossOptions) => huber(prediction, target, { delta: 0.5, ...options }),
} as const satisfies Readonly<Record<string, (prediction: Tensor, target: Tensor, options?: LossOptions) => Tensor>>;

export type LossName = keyof typeof losses;
export const lossNames = ["L2", "L1", "Huber"] as const;

/** A point, or the slope and the intercept of a line. */
export type Pair = readonly [number, number];

/** The line that the points lie around. */
export const trueLine: Pair = [0.6, 0.2];

/** The part of the plane that figures show, in both directions. */
export const range = [-3, 3] as const;

const noise = [0.12, -0.18, 0.05, 0.21, -0.09, -0.15, 0.17, 0.02, -0.2, 0.1, 0.14];

/** Points around the true line. The last of them may be outliers, far below it. */
export function pointsWith(outliers: number): readonly Pair[] {
  return noise.map((error, at): Pair => {
    const x = -2.5 + at / 2;
    return [x, at >= noise.length - outliers ? -2.4 : trueLine[0] * x + trueLine[1] + error];
  });
}

/** A line for each loss. */
export type Lines = Readonly<Record<LossName, Pair>>;

export const flatLines: Lines = { L2: [0, 0], L1: [0, 0], Huber: [0, 0] };

export interface RobustLineSettings {
  readonly points: readonly Pair[];
  /** The lines to begin with. */
  readonly from: Lines;
}

export interface RobustLineView {
  readonly steps: number;
  readonly lines: Lines;
}

const [rate, lastStep] = [0.1, 300];

interface Fit {
  step(): void;
  line(): Pair;
}

/** A line that one loss fits: Adam, with a learning rate that falls to 0. */
function fitOf(loss: LossName, points: readonly Pair[], [slope, intercept]: Pair): Fit {
  const [a, b] = [new Variable(tensor(slope)), new Variable(tensor(intercept))];
  const [x, y] = [tensor(points.map((point) => point[0])), tensor(points.map((point) => point[1]))];
  const optimizer = new Adam([a, b], { learningRate: cosineDecay(rate, { steps: lastStep }) });
  return {
    step: () => optimizer.step(valueAndGrad(() => losses[loss](x.mul(a.value).add(b.value), y), [a, b]).gradients),
    line: () => [a.value.item(), b.value.item()],
  };
}

/** Fits a line to points by each loss. */
export function robustLine({ points, from }: RobustLineSettings): Task<RobustLineView> {
  const fits = { L2: fitOf("L2", points, from.L2), L1: fitOf("L1", points, from.L1), Huber: fitOf("Huber", points, from.Huber) };
  let steps = 0;
  return {
    step() {
      for (const name of lossNames) fits[name].step();
      steps += 1;
    },
    view: () => ({ steps, lines: { L2: fits.L2.line(), L1: fits.L1.line(), Huber: fits.Huber.line() } }),
    isDone: () => steps >= lastStep,
  };
}

/** The loss of each of some errors. */
export function costsOf(loss: LossName, errors: readonly number[]): readonly number[] {
  const none = zeros([errors.length], { dtype: "float64" });
  return losses[loss](tensor(errors, { dtype: "float64" }), none, { reduction: "none" }).toArray() as number[];
}
