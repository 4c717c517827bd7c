import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Adadelta, Adagrad, Adam, RMSprop, SGD } from "@nn/optim";
import { square, tensor, Variable, type Gradients, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { sideBySide } from "../support/svg.js";

/** A long, narrow valley: `x² / 100 + y²`. It is a hundred times steeper across than along. */
export function valley(point: Tensor): Tensor {
  return square(point).mul(tensor([1 / 100, 1])).sum();
}

const start = [-8, 2];

/** An optimizer, reduced to its step. */
interface Stepper {
  step(gradients: Gradients): void;
}

/** Each optimizer with a suitable learning rate for this problem. */
export const racers = {
  "SGD": (point: Variable): Stepper => new SGD([point], { learningRate: 0.95 }),
  "momentum": (point: Variable): Stepper => new SGD([point], { learningRate: 0.3, momentum: 0.9 }),
  "NAG": (point: Variable): Stepper => new SGD([point], { learningRate: 0.3, momentum: 0.9, nesterov: true }),
  "Adagrad": (point: Variable): Stepper => new Adagrad([point], { learningRate: 1.5 }),
  "Adadelta": (point: Variable): Stepper => new Adadelta([point], { learningRate: 1, rho: 0.9, epsilon: 1e-2 }),
  "RMSprop": (point: Variable): Stepper => new RMSprop([point], { learningRate: 0.1 }),
  "Adam": (point: Variable): Stepper => new Adam([point], { learningRate: 0.3 }),
} satisfies Readonly<Record<string, (point: Variable) => Stepper>>;

/** The position and the height of an optimizer at every step. */
export interface Race {
  readonly path: readonly (readonly [number, number])[];
  readonly heights: readonly number[];
}

/** Runs an optimizer in the valley. */
export function race(create: (point: Variable) => Stepper, steps = 200): Race {
  const point = new Variable(tensor(start));
  const optimizer = create(point);
  const step = compile(() => {
    const at = point.value;
    const { value, gradients } = valueAndGrad(() => valley(point.value), [point]);
    optimizer.step(gradients);
    return { at, value };
  });
  const visited = Array.from({ length: steps }, () => step());
  return { path: visited.map(({ at }) => at.toArray() as [number, number]), heights: visited.map(({ value }) => value.item()) };
}

/** The first step after which the height stays below a limit. */
export function arrival(heights: readonly number[], limit: number): number {
  return heights.findLastIndex((height) => height >= limit) + 1;
}

export function main(): void {
  console.log("Seven optimizers go down one valley, x² / 100 + y², from (-8, 2).\n");
  const races = Object.entries(racers).map(([name, create]) => ({ name, ...race(create) }));
  console.log(`${"optimizer".padEnd(10)}  height after 50 steps  steps until it stays below 0.01`);
  for (const { name, heights } of races) {
    const steps = arrival(heights, 0.01);
    console.log(`${name.padEnd(10)}  ${(heights[50] ?? NaN).toExponential(1).padStart(21)}  ${(steps < heights.length ? String(steps) : `more than ${heights.length}`).padStart(31)}`);
  }
  savePicture("optimizers-race.svg", sideBySide([
    chart(races.map(({ name, path }) => ({ name, points: path.slice(0, 40) })), { title: "Paths of the first forty steps", xLabel: "x", yLabel: "y" }),
    chart(races.map(({ name, heights }) => ({ name, points: heights.map((height, step) => [step, Math.max(height, 1e-8)] as const) })), { title: "Height", xLabel: "step", yLabel: "x² / 100 + y²", logarithmic: true }),
  ]));
}
