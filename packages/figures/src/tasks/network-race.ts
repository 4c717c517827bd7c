import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, moons } from "@nn/data";
import { Linear, Sequential, Tanh } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { constantRate, cosineDecay, linearWarmup, multiStepDecay, type Schedule } from "@nn/optim";
import { Generator, type Tensor } from "@nn/tensor";
import { optimizers, type OptimizerName } from "./optimizers.js";
import type { Task } from "./task.js";

/** How the learning rate changes over a training of so many steps. */
export const schedules = {
  constant: (rate) => constantRate(rate),
  steps: (rate, steps) => multiStepDecay(rate, { milestones: [steps / 2, (3 * steps) / 4] }),
  cosine: (rate, steps) => cosineDecay(rate, { steps }),
  warmup: (rate, steps) => linearWarmup(cosineDecay(rate, { steps: Math.ceil(0.9 * steps) }), { steps: Math.floor(0.1 * steps) }),
} as const satisfies Readonly<Record<string, (rate: number, steps: number) => Schedule>>;

export type ScheduleName = keyof typeof schedules;
export const scheduleNames = ["constant", "steps", "cosine", "warmup"] as const;

/** The number of examples. */
export const examples = 128;
/** Sizes of batches: all examples, some, and one. */
export const batchSizes = [examples, 16, 1] as const;
export type BatchSize = (typeof batchSizes)[number];

/** A network, its optimizer, and how it is trained. */
export interface Runner {
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly batchSize: BatchSize;
}

export interface NetworkRaceSettings {
  readonly runners: readonly Runner[];
  readonly schedule: ScheduleName;
}

export interface NetworkRaceView {
  readonly epochs: number;
  /** The loss of all examples before the first epoch and after each, for each runner. */
  readonly losses: readonly (readonly number[])[];
  /** Steps that each runner has made. */
  readonly steps: readonly number[];
}

/** A race ends after so many epochs. */
export const lastEpoch = 60;
const [units, noise, seed] = [16, 0.2, 1];

/** Trains one network; each `epoch` goes through all examples once. */
function runOf({ optimizer: name, learningRate, batchSize }: Runner, schedule: ScheduleName) {
  const data = moons({ count: examples, noise, seed });
  const [allInputs, allClasses] = data.tensors;
  const generator = new Generator(seed);
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator });
  const model = new Sequential(linear(2, units), new Tanh(), linear(units, units), new Tanh(), linear(units, 2));
  const parameters = model.parameters();
  const each = Math.ceil(examples / batchSize);
  const optimizer = optimizers[name](parameters, schedules[schedule](learningRate, each * lastEpoch));
  const lossOf = (x: Tensor, y: Tensor): Tensor => crossEntropy(model.forward(x), y);
  const learn = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => lossOf(x, y), parameters);
    optimizer.step(gradients);
    return value;
  });
  const measure = compile(lossOf);
  const loader = new DataLoader(data, { batchSize, shuffle: true, seed });
  // Eagerly: a figure that is only looked at compiles nothing.
  const losses = [lossOf(allInputs, allClasses).item()];
  let steps = 0;
  return {
    epoch() {
      for (const [x, y] of loader) learn(x, y);
      steps += each;
      losses.push(measure(allInputs, allClasses).item());
    },
    losses: () => [...losses],
    steps: () => steps,
  };
}

/** Networks with the same first weights that learn the same examples, each in its own way. A step is an epoch. */
export function networkRace({ runners, schedule }: NetworkRaceSettings): Task<NetworkRaceView> {
  const runs = runners.map((runner) => runOf(runner, schedule));
  let epochs = 0;
  return {
    step() {
      for (const run of runs) run.epoch();
      epochs += 1;
    },
    view: () => ({ epochs, losses: runs.map((run) => run.losses()), steps: runs.map((run) => run.steps()) }),
    isDone: () => epochs >= lastEpoch,
  };
}

/** The learning rate of a schedule as a share of the full one, by epoch. */
export function scheduleCurve(schedule: ScheduleName): readonly (readonly [epoch: number, share: number])[] {
  const parts = 20;
  const rateOf = schedules[schedule](1, parts * lastEpoch);
  return Array.from({ length: parts * lastEpoch }, (_, step) => [step / parts, rateOf(step)]);
}
