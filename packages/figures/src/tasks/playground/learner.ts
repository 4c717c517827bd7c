import { DataLoader, type DataLoaderState } from "@nn/data";
import { binaryCrossEntropyWithLogits, crossEntropy, l1Penalty, l2Penalty, mse } from "@nn/losses";
import {
  Adadelta, Adagrad, Adam, Adamax, AdamW, ASGD, constantRate, cosineDecay, cosineRestarts, exponentialDecay, Lion, linearWarmup, NAdam, oneCycle, RAdam, RMSprop, Rprop, SGD, stepDecay,
  type LearningRate, type Optimizer, type OptimizerStateDict, type Schedule,
} from "@nn/optim";
import { Generator, hostCallback, type GeneratorState, type Tensor, type Variable } from "@nn/tensor";
import { trainStep } from "@nn/train";
import { optimizers, schedules, type OptimizerType, type ScheduleType } from "./choices.js";
import type { ExampleSet } from "./examples.js";
import { networkOf, type Network } from "./network.js";
import { classCount, type PlaygroundSettings } from "./settings.js";

const optimizerTypes: { readonly [Name in OptimizerType]: new (parameters: readonly Variable[], options: { readonly learningRate: LearningRate }) => Optimizer } = {
  SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, Adadelta, RMSprop, Rprop, Lion, ASGD,
};

const scheduleMakers: { readonly [Name in ScheduleType]: (rate: number, options: never) => Schedule } = {
  constantRate, stepDecay, exponentialDecay, cosineDecay, cosineRestarts, linearWarmup, oneCycle,
};

/** The loss without penalty: cross-entropy, or the mean squared error. */
export function lossOf(settings: PlaygroundSettings): (output: Tensor, target: Tensor) => Tensor {
  const classes = classCount(settings);
  return classes === 0 ? mse : classes === 2 ? binaryCrossEntropyWithLogits : crossEntropy;
}

function rateOf({ learningRate, schedule }: PlaygroundSettings): LearningRate {
  const { type, options } = schedules[schedule];
  // The table has the options of each schedule.
  return schedule === "constant" ? learningRate : scheduleMakers[type](learningRate, options as never);
}

/** Everything from which training continues. */
export interface LearnerState {
  readonly network: Readonly<Record<string, Tensor>>;
  readonly optimizer: OptimizerStateDict;
  readonly batches: DataLoaderState;
  readonly generator: GeneratorState;
}

/** A network that learns: one compiled step for each batch of shuffled examples. */
export class Learner {
  readonly network: Network;
  readonly #generator: Generator;
  readonly #optimizer: Optimizer;
  readonly #loader: DataLoader<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>;
  readonly #step: ReturnType<typeof trainStep<Tensor, Tensor, Tensor>>;
  #settings: PlaygroundSettings;
  #batches: Iterator<readonly [Tensor, Tensor]>;

  constructor(settings: PlaygroundSettings, examples: ExampleSet) {
    this.#settings = settings;
    this.#generator = new Generator(settings.seed);
    this.network = networkOf(settings, this.#generator);
    const parameters = this.network.model.parameters();
    const { type, options } = optimizers[settings.optimizer];
    this.#optimizer = new optimizerTypes[type](parameters, { ...options, learningRate: rateOf(settings) });
    this.#step = trainStep(this.network.model, this.#penalized(), this.#optimizer);
    this.#loader = new DataLoader(examples, { batchSize: Math.min(settings.batchSize, examples.length), shuffle: true, dropLast: true, seed: settings.seed });
    this.#batches = this.#loader[Symbol.iterator]();
  }

  /** The steps that were taken. */
  get steps(): number {
    return this.#optimizer.steps;
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return this.#optimizer.learningRate;
  }

  /** How often all examples were seen. */
  get epochs(): number {
    return this.steps / this.#loader.length;
  }

  step(): void {
    let next = this.#batches.next();
    if (next.done === true) {
      this.#batches = this.#loader[Symbol.iterator]();
      next = this.#batches.next();
    }
    if (next.done !== true) this.#step(next.value);
  }

  /** Compiles the step: takes one, and takes it back. */
  prepare(): void {
    const state = this.stateDict();
    this.step();
    this.loadStateDict(state);
  }

  /** Takes another learning rate, schedule and penalty rate, which need no other program. */
  tune(settings: PlaygroundSettings): void {
    this.#settings = settings;
    this.#optimizer.learningRate = rateOf(settings);
  }

  stateDict(): LearnerState {
    return { network: this.network.model.stateDict(), optimizer: this.#optimizer.stateDict(), batches: this.#loader.stateDict(), generator: this.#generator.stateDict() };
  }

  /** Continues from a state. The learning rate stays that of the settings. */
  loadStateDict({ network, optimizer, batches, generator }: LearnerState): void {
    this.network.model.loadStateDict(network);
    this.#optimizer.loadStateDict(optimizer);
    this.#optimizer.learningRate = rateOf(this.#settings);
    this.#loader.loadStateDict(batches);
    this.#batches = this.#loader[Symbol.iterator]();
    this.#generator.loadStateDict(generator);
  }

  /** Frees the compiled program. */
  dispose(): void {
    this.#step.dispose();
  }

  #penalized(): (output: Tensor, target: Tensor) => Tensor {
    const [loss, weights] = [lossOf(this.#settings), this.network.linear.map(({ weight }) => weight)];
    const rate = (): Tensor => hostCallback(() => this.#settings.penaltyRate);
    if (this.#settings.penalty === "none") return loss;
    if (this.#settings.penalty === "l1") return (output, target) => loss(output, target).add(l1Penalty(weights).mul(rate()));
    return (output, target) => loss(output, target).add(l2Penalty(weights).mul(rate().div(2)));
  }
}
