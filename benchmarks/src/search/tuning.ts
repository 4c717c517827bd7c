import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, spirals, stratifiedSplit, type Dataset } from "@nn/data";
import { Linear, ReLU, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, cosineDecay } from "@nn/optim";
import { choice, float, int, type ParametersOf } from "@nn/search";
import { Generator, type Tensor } from "@nn/tensor";
import type { Problem } from "./problems.js";

const space = {
  learningRate: float(1e-4, 1, { log: true }),
  weightDecay: float(1e-5, 1, { log: true }),
  beta1: float(0.5, 0.99),
  layers: int(1, 3),
  width: int(4, 32, { log: true }),
  batchSize: choice([15, 30, 60]),
  activation: choice(["relu", "tanh"]),
};

const [known, unseen] = stratifiedSplit(spirals({ count: 300, arms: 3, turns: 0.8, noise: 0.06, seed: 1 }), [0.6, 0.4], { seed: 1 });
const epochs = 15;

const all = (points: Dataset<readonly [x: Tensor, y: Tensor]>): readonly [x: Tensor, y: Tensor] => points.batch(Array.from({ length: points.length }, (_, index) => index));

function model({ layers, width, activation }: ParametersOf<typeof space>, seed: number): TensorModule {
  const generator = new Generator(seed);
  const hidden = Array.from({ length: layers }, (_, at) => [new Linear(at === 0 ? 2 : width, width, { generator }), activation === "relu" ? new ReLU() : new Tanh()]);
  return new Sequential(...hidden.flat(), new Linear(width, 3, { generator }));
}

/** The loss of a multilayer perceptron on unseen points of three spirals, after a short training. */
function validationLoss(parameters: ParametersOf<typeof space>, seed: number): number {
  const network = model(parameters, seed);
  const weights = network.parameters();
  const loader = new DataLoader(known, { batchSize: parameters.batchSize, shuffle: true, seed, dropLast: true });
  const { learningRate, beta1, weightDecay } = parameters;
  const optimizer = new AdamW(weights, { learningRate: cosineDecay(learningRate, { steps: epochs * loader.length }), betas: [beta1, 0.999], weightDecay });
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(network.forward(x), y), weights);
    optimizer.step(gradients);
    return value;
  });
  for (let epoch = 0; epoch < epochs; epoch++) for (const batch of loader) step(...batch);
  step.dispose();
  const [x, y] = all(unseen);
  return crossEntropy(network.forward(x), y).item();
}

export const tuning: Problem<typeof space> = {
  name: "MLP on three spirals, 7 parameters",
  space,
  minimum: 0,
  // The same seed for all, so that values differ by their parameters alone.
  objective: (parameters) => validationLoss(parameters, 1),
};
