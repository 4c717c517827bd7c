import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { digits } from "@nn/data";
import { BatchNorm1d, kaimingNormal, Linear, ReLU, Sequential, Sigmoid, Tanh, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Generator, norm, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";

const [depth, width] = [10, 64];

/** A block between two linear layers, by its name. */
export const blocks = {
  "sigmoid": () => [new Sigmoid()],
  "tanh": () => [new Tanh()],
  "ReLU": () => [new ReLU()],
  "sigmoid, batch normalisation": () => [new BatchNorm1d(width), new Sigmoid()],
} satisfies Readonly<Record<string, () => readonly TensorModule[]>>;

/** The norm of the gradient of each hidden layer's weight, from the first layer to the last, for untrained networks. */
export function gradientNorms(block: () => readonly TensorModule[]): number[] {
  const generator = new Generator(1);
  // Weights that preserve the variance of their input (He et al. 2015), so that only depth matters.
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator, initializeWeight: kaimingNormal });
  const hidden = Array.from({ length: depth }, (_, at) => linear(at === 0 ? 784 : width, width));
  const model = new Sequential(...hidden.flatMap((layer) => [layer, ...block()]), linear(width, 10));
  const [images, labels] = digits({ train: 256, test: 1, seed: 1 }).train.tensors;
  const weights = hidden.map((layer) => layer.weight);
  const norms = compile((x: Tensor, y: Tensor) => valueAndGrad(() => crossEntropy(model.forward(x), y), weights).gradients.map((gradient) => norm(gradient)));
  return norms(images, labels).map((each) => each.item());
}

export function main(): void {
  console.log(`How large the gradient is in each of ${depth} hidden layers, in a network that has not been trained.\n`);
  const results = Object.entries(blocks).map(([name, block]) => ({ name, norms: gradientNorms(block) }));
  console.log(`${"between the layers".padEnd(30)}  first layer  last layer  ratio`);
  for (const { name, norms } of results) {
    const [first = NaN, last = NaN] = [norms[0], norms.at(-1)];
    console.log(`${name.padEnd(30)}  ${first.toExponential(1).padStart(11)}  ${last.toExponential(1).padStart(10)}  ${(first / last).toExponential(1)}`);
  }
  savePicture("vanishing-gradients.svg", chart(
    results.map(({ name, norms }) => ({ name, points: norms.map((each, at) => [at + 1, each] as const) })),
    { title: "Gradients on their way back", xLabel: "layer", yLabel: "norm of the gradient", logarithmic: true },
  ));
}
