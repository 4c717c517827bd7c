import { Adadelta, Adagrad, Adam, RMSprop, SGD, type LearningRate } from "@nn/optim";
import type { Gradients, Variable } from "@nn/tensor";

/** An optimizer, as a race sees it. */
export interface Stepper {
  step(gradients: Gradients): void;
}

/** The optimizers of the lecture notes. Adadelta's epsilon is larger than its default, with which the first steps are tiny. */
export const optimizers = {
  SGD: (parameters, learningRate) => new SGD(parameters, { learningRate }),
  momentum: (parameters, learningRate) => new SGD(parameters, { learningRate, momentum: 0.9 }),
  NAG: (parameters, learningRate) => new SGD(parameters, { learningRate, momentum: 0.9, nesterov: true }),
  Adagrad: (parameters, learningRate) => new Adagrad(parameters, { learningRate }),
  Adadelta: (parameters, learningRate) => new Adadelta(parameters, { learningRate, epsilon: 1e-3 }),
  RMSprop: (parameters, learningRate) => new RMSprop(parameters, { learningRate }),
  Adam: (parameters, learningRate) => new Adam(parameters, { learningRate }),
} satisfies Readonly<Record<string, (parameters: readonly Variable[], learningRate: LearningRate) => Stepper>>;

export type OptimizerName = keyof typeof optimizers;
export const optimizerNames = ["SGD", "momentum", "NAG", "Adagrad", "Adadelta", "RMSprop", "Adam"] as const;

/** A learning rate for each optimizer. */
export type Rates = Readonly<Record<OptimizerName, number>>;
