import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Adam, cosineDecay, linearWarmup } from "@nn/optim";
import { all, equal, Generator, oneHot, type Tensor } from "@nn/tensor";
import { parametersOf, type Trained } from "./network-copy.js";
import { drawLists, solutions, Sorter, type SorterSettings } from "./sorter-network.js";
import type { Task } from "./task.js";

export interface SorterView extends Trained<SorterSettings> {
  readonly steps: number;
  /** The loss of the last step; `undefined` before the first. */
  readonly loss: number | undefined;
  /** The share of unseen lists that come out without a mistake, when it was measured last; `undefined` before the first step. */
  readonly accuracy: number | undefined;
}

const [batch, unseen, measuredEvery, learningRate] = [64, 200, 20, 5e-3];
/** Number of steps after which training ends. */
export const mostSteps = 300;

/** The cross-entropy of probabilities `[N, places, 10]`. A digit that a place cannot see has the probability 0, whose logarithm is bounded. */
const lossOf = (probabilities: Tensor, digits: Tensor): Tensor => probabilities.mul(oneHot(digits, 10)).sum(2).add(1e-4).log().mean().neg();

/** A small transformer learns to sort or reverse lists of digits. */
export function sorter(settings: SorterSettings): Task<SorterView> {
  const model = new Sorter(settings);
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: linearWarmup(cosineDecay(learningRate, { steps: mostSteps }), { steps: 20 }) });
  const solve = solutions[settings.exercise];
  const learn = compile((lists: Tensor) => {
    const { value, gradients } = valueAndGrad(() => lossOf(model.forward(lists), solve(lists)), parameters);
    optimizer.step(gradients);
    return value;
  });
  const measure = compile((lists: Tensor) => all(equal(model.forward(lists).argMax(2), solve(lists)), 1).cast("float32").mean());
  const random = new Generator(2);
  const test = drawLists(unseen, new Generator(3));
  let steps = 0;
  let loss: number | undefined;
  let accuracy: number | undefined;
  return {
    step() {
      loss = learn(drawLists(batch, random)).item();
      steps += 1;
      if (steps === 1 || steps % measuredEvery === 0) accuracy = measure(test).item();
    },
    view: () => ({ settings, steps, loss, accuracy, parameters: parametersOf(model) }),
    isDone: () => steps >= mostSteps,
  };
}
