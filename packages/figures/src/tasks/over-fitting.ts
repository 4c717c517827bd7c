import { compile } from "@nn/compiler";
import { mixup } from "@nn/data";
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from "@nn/losses";
import { AdamW } from "@nn/optim";
import { Generator, sigmoid, type Tensor } from "@nn/tensor";
import { ensemble, trainStep } from "@nn/train";
import { createNetwork, mapPoints, noisyMoons, trainingCount, type Points } from "./noisy-moons.js";
import type { Task } from "./task.js";

export interface OverFittingSettings {
  /** The number of neurons in each hidden layer. */
  readonly neurons: number;
  /** The λ of `w ← w (1 − α λ)` in every step. */
  readonly weightDecay: number;
  readonly dropout: boolean;
  readonly batchNorm: boolean;
  readonly mixup: boolean;
  readonly earlyStopping: boolean;
  /** Whether five networks answer together. */
  readonly ensemble: boolean;
  /** Of the points. */
  readonly seed: number;
}

export interface OverFittingView {
  readonly epochs: number;
  /** The losses on the training and on the validation points, before the training and after each epoch. */
  readonly training: readonly number[];
  readonly validation: readonly number[];
  /** The epoch with the lowest validation loss. */
  readonly bestEpoch: number;
  /** Whether the network has the weights of that epoch again. */
  readonly isRestored: boolean;
  /** The validation loss of the network as it is now, and the share of validation points that it has right. */
  readonly loss: number;
  readonly accuracy: number;
  /** The probability of class 1 at the points of a grid, from the bottom up. */
  readonly map: readonly number[];
}

export const validationCount = 200;
export const validationSeed = (seed: number): number => seed + 1000;
export const mostEpochs = 600;
/** A training that stops early waits so many epochs for a better validation loss. */
export const patience = 100;
const learningRate = 0.008;

/** Learns few noisy points, with or without what keeps a network from learning them by heart. An epoch is one step. */
export function overFitting(settings: OverFittingSettings): Task<OverFittingView> {
  const { neurons, weightDecay, dropout, batchNorm, seed } = settings;
  const training = noisyMoons({ count: trainingCount, seed });
  const validation = noisyMoons({ count: validationCount, seed: validationSeed(seed) });
  const networks = Array.from({ length: settings.ensemble ? 5 : 1 }, (_, at) => createNetwork({ neurons, dropout, batchNorm, generator: new Generator(at + 1) }));
  const mixing = new Generator(seed);
  const augment = settings.mixup ? (x: Tensor, y: Tensor) => mixup(x, y, { alpha: 1, generator: mixing }) : undefined;
  const steps = networks.map((network) => trainStep(network, binaryCrossEntropyWithLogits, new AdamW(network.parameters(), { learningRate, weightDecay }), { augment }));
  const model = ensemble(networks, { transform: sigmoid });

  const answer = compile((x: Tensor) => model.forward(x));
  const measure = compile(({ x, y }: Points) => {
    const probability = model.forward(x);
    return { loss: binaryCrossEntropy(probability, y), accuracy: probability.greater(0.5).equal(y.greater(0.5)).cast("float32").mean() };
  });
  model.eval();
  const losses = { training: [measure(training).loss.item()], validation: [measure(validation).loss.item()] };
  let [bestEpoch, bestWeights, isRestored] = [0, model.stateDict(), false];
  const epochs = (): number => losses.training.length - 1;

  return {
    step() {
      model.train();
      for (const step of steps) step([training.x, training.y]);
      model.eval();
      losses.training.push(measure(training).loss.item());
      losses.validation.push(measure(validation).loss.item());
      if ((losses.validation.at(-1) ?? NaN) < (losses.validation[bestEpoch] ?? NaN)) [bestEpoch, bestWeights] = [epochs(), model.stateDict()];
      if (settings.earlyStopping && (epochs() - bestEpoch >= patience || epochs() >= mostEpochs)) {
        model.loadStateDict(bestWeights);
        isRestored = true;
      }
    },
    view() {
      const { loss, accuracy } = measure(validation);
      return { epochs: epochs(), training: [...losses.training], validation: [...losses.validation], bestEpoch, isRestored, loss: loss.item(), accuracy: accuracy.item(), map: answer(mapPoints()).reshape([-1]).toArray() as number[] };
    },
    isDone: () => isRestored || epochs() >= mostEpochs,
  };
}
