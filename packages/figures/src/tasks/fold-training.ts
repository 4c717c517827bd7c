import { stratifiedKFold, TensorDataset, type Fold } from "@nn/data";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { AdamW } from "@nn/optim";
import { Generator, sigmoid, tensor, type Tensor } from "@nn/tensor";
import { trainStep } from "@nn/train";
import { createNetwork, mapPoints, noisyMoons, trainingCount } from "./noisy-moons.js";

/** Points, their classes, and their numbers. */
type Numbered = TensorDataset<[x: Tensor, y: Tensor, number: Tensor]>;

/** The rounds of a k-fold cross-validation of the noisy moons. */
export function roundsOf({ folds, seed }: { readonly folds: number; readonly seed: number }): readonly Fold<Numbered>[] {
  const { x, y } = noisyMoons({ count: trainingCount, seed });
  const numbers = tensor(Array.from({ length: trainingCount }, (_, at) => at));
  return stratifiedKFold(new TensorDataset(x, y, numbers), folds, { seed, labels: ([, label]) => label.item() });
}

/** A network that was trained without one fold. */
export interface FoldResult {
  /** The loss on the fold. */
  readonly score: number;
  /** The loss on the points that it has learned. */
  readonly trainingLoss: number;
  /** The numbers of the points of the fold. */
  readonly leftOut: readonly number[];
}

export interface FoldTraining {
  /** Trains without a fold, always from the same initial weights. */
  train(round: Fold<Numbered>): FoldResult;
  /** What the network that was trained last answers: the probability of class 1 at the points of a grid, from the bottom up. */
  map(): readonly number[];
}

const [neurons, epochs, learningRate] = [32, 300, 0.008];

/** A network of 32 neurons in each layer with some weight decay. It is compiled once for all rounds. */
export function foldTraining(weightDecay: number): FoldTraining {
  const network = createNetwork({ neurons, generator: new Generator(1) });
  const optimizer = new AdamW(network.parameters(), { learningRate, weightDecay });
  const initial = { network: network.stateDict(), optimizer: optimizer.stateDict() };
  const step = trainStep(network, binaryCrossEntropyWithLogits, optimizer);
  const lossOn = ([x, y]: readonly [x: Tensor, y: Tensor, number: Tensor]): number => binaryCrossEntropyWithLogits(network.forward(x), y).item();
  return {
    train({ train, validation }) {
      network.loadStateDict(initial.network);
      optimizer.loadStateDict(initial.optimizer);
      const [x, y] = train.tensors;
      for (let epoch = 0; epoch < epochs; epoch++) step([x, y]);
      return { score: lossOn(validation.tensors), trainingLoss: lossOn(train.tensors), leftOut: validation.tensors[2].toArray() as number[] };
    },
    map: () => sigmoid(network.forward(mapPoints())).reshape([-1]).toArray() as number[],
  };
}
