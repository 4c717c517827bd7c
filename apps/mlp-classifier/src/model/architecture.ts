import { BatchNorm1d, Dropout, ELU, GELU, LeakyReLU, Linear, Maxout, PReLU, ReLU, Sequential, Sigmoid, SiLU, Tanh, type TensorModule } from "@nn/layers";
import type { Settings } from "../settings/settings.js";

/** Everything that determines the structure of a network; saved with its weights. */
export interface Architecture extends Pick<Settings, "hidden" | "activation" | "dropout" | "batchNorm"> {
  /** Number of features of an example. */
  readonly features: number;
  readonly classes: number;
}

/** Number of linear units of which a maxout unit takes the maximum. */
export const maxoutPieces = 2;

const activations: Readonly<Record<Settings["activation"], () => TensorModule>> = {
  relu: () => new ReLU(),
  "leaky-relu": () => new LeakyReLU(),
  prelu: () => new PReLU(),
  elu: () => new ELU(),
  gelu: () => new GELU(),
  silu: () => new SiLU(),
  tanh: () => new Tanh(),
  sigmoid: () => new Sigmoid(),
  maxout: () => new Maxout(maxoutPieces),
};

/** A network from rows of features, `[count, features]`, to logits, `[count, classes]`. */
export type Network = Sequential<readonly TensorModule[]>;

/** A multilayer perceptron: for each hidden width an affine map, batch normalisation, the activation and dropout; then the logits. */
export function buildNetwork({ features, classes, hidden, activation, dropout, batchNorm }: Architecture): Network {
  const layers: TensorModule[] = [];
  let width = features;
  for (const units of hidden) {
    const outputs = activation === "maxout" ? units * maxoutPieces : units;
    layers.push(new Linear(width, outputs));
    if (batchNorm) layers.push(new BatchNorm1d(outputs));
    layers.push(activations[activation]());
    if (dropout > 0) layers.push(new Dropout(dropout));
    width = units;
  }
  return new Sequential(...layers, new Linear(width, classes));
}

/** The number of learned parameters of a network. */
export function countParameters(network: Network): number {
  return network.parameters().reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
}
