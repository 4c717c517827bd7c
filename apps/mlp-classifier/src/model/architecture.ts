import { BatchNorm1d, Dropout, ELU, GELU, LeakyReLU, Linear, Maxout, PReLU, ReLU, Sequential, Sigmoid, SiLU, Tanh, type TensorModule } from "@nn/layers";
import { log, softmax, type Tensor } from "@nn/tensor";
import { Ensemble, ensemble } from "@nn/train";
import type { Settings } from "../settings/settings.js";

/** Everything that determines the structure of a network; saved with its weights. */
export interface Architecture extends Pick<Settings, "hidden" | "activation" | "dropout" | "batchNorm" | "ensemble"> {
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

/** A multilayer perceptron from rows of features, `[count, features]`, to logits, `[count, classes]`. */
export type Perceptron = Sequential<readonly TensorModule[]>;

/** One perceptron, or several whose probabilities are averaged (Hansen and Salamon 1990): then its output are the mean probabilities. */
export type Network = Perceptron | Ensemble<Perceptron>;

/** The network of an architecture, with random weights. */
export function buildNetwork(architecture: Architecture): Network {
  const { ensemble: members } = architecture;
  if (members === 1) return buildPerceptron(architecture);
  return ensemble(Array.from({ length: members }, () => buildPerceptron(architecture)), { transform: (logits) => softmax(logits.cast("float64"), 1) });
}

/** For each hidden width an affine map, batch normalisation, the activation and dropout; then the logits. */
function buildPerceptron({ features, classes, hidden, activation, dropout, batchNorm }: Architecture): Perceptron {
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

/** The logits of a network. Those of an ensemble are the logarithms of its mean probabilities. */
export function logitsOf(network: Network, x: Tensor): Tensor {
  return network instanceof Ensemble ? log(network.forward(x)) : network.forward(x);
}

/** The number of learned parameters of a network. */
export function countParameters(network: Network): number {
  return network.parameters().reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
}
