import { moons } from "@nn/data";
import { BatchNorm1d, Dropout, Linear, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { tensor, type Generator, type Tensor } from "@nn/tensor";

/** Points of the plane, `[count, 2]`, and the class of each, `[count, 1]`, 0 or 1. */
export interface Points {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Two half moons around the middle of the plane, with so much noise that they overlap. */
export function noisyMoons({ count, seed }: { readonly count: number; readonly seed: number }): Points {
  const [x, y] = moons({ count, noise: 0.3, seed }).tensors;
  return { x: x.sub(tensor([0.5, 0.25])), y: y.cast("float32").reshape([count, 1]) };
}

/** So many points are learned. */
export const trainingCount = 40;

/** The part of the plane that figures show, along both axes. */
export const range = [-2.1, 2.1] as const;

/** Figures show the answers of a network at so many points along each axis. */
export const mapSize = 40;

/** These points, row by row from the bottom up: each is the middle of a square. */
export function mapPoints(): Tensor {
  const step = (range[1] - range[0]) / mapSize;
  const along = Array.from({ length: mapSize }, (_, at) => range[0] + (at + 0.5) * step);
  return tensor(along.flatMap((y) => along.map((x) => [x, y])));
}

/** What a network for the moons consists of. */
export interface NetworkOptions {
  /** The number of neurons in each of the two hidden layers. */
  readonly neurons: number;
  readonly dropout?: boolean;
  readonly batchNorm?: boolean;
  readonly generator: Generator;
}

/** A network with two hidden layers that says how likely a point is of class 1, as a logit. */
export function createNetwork({ neurons, dropout = false, batchNorm = false, generator }: NetworkOptions): Sequential {
  const hidden = (inputs: number): TensorModule[] => [
    new Linear(inputs, neurons, { generator }),
    ...(batchNorm ? [new BatchNorm1d(neurons)] : []),
    new Tanh(),
    ...(dropout ? [new Dropout(0.5, { generator })] : []),
  ];
  return new Sequential(...hidden(2), ...hidden(neurons), new Linear(neurons, 1, { generator }));
}
