import { grad, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { BatchNorm1d, ELU, kaimingNormal, LeakyReLU, Linear, ReLU, Sequential, Sigmoid, Tanh, type TensorModule } from "@nn/layers";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { SGD } from "@nn/optim";
import { Generator, norm, sum, tensor, uniform, type Tensor } from "@nn/tensor";
import type { Task } from "./task.js";

/** Activations, by their names. */
export const activations = { "sigmoid": () => new Sigmoid(), "tanh": () => new Tanh(), "ReLU": () => new ReLU(), "leaky ReLU": () => new LeakyReLU(), "ELU": () => new ELU() } satisfies Readonly<Record<string, () => TensorModule>>;

export type ActivationName = keyof typeof activations;
export const activationNames = ["sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU"] as const;

export interface DeepNetworkSettings {
  readonly activation: ActivationName;
  readonly depth: number;
  readonly batchNorm: boolean;
  readonly learningRate: number;
}

export interface DeepNetworkView {
  readonly steps: number;
  readonly loss: number;
  /** The norm of the gradient of each hidden layer's weight, from the first layer to the last. */
  readonly gradients: readonly number[];
  /** The share of units in each hidden layer that pass no gradient on, for any example. */
  readonly dead: readonly number[];
}

const [width, examples, mostSteps] = [16, 64, 2000];

/** An activation and its derivative at evenly spaced points from −4 to 4. */
export function curvesOf(activation: ActivationName): readonly (readonly [x: number, value: number, slope: number])[] {
  const xs = Array.from({ length: 161 }, (_, at) => -4 + at / 20);
  const x = tensor(xs, { dtype: "float64" });
  const module = activations[activation]();
  const [values, slopes] = [module.forward(x), grad((input: Tensor) => module.forward(input).sum())(x)].map((each) => each.toArray() as number[]);
  return xs.map((at, index) => [at, values?.[index] ?? NaN, slopes?.[index] ?? NaN]);
}

/** A deep, narrow network that learns which points lie in a circle. The gradient of each layer is the one that its last step used. */
export function deepNetwork({ activation, depth, batchNorm, learningRate }: DeepNetworkSettings): Task<DeepNetworkView> {
  const generator = new Generator(1);
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator, initializeWeight: kaimingNormal });
  const layers = Array.from({ length: depth }, (_, at) => linear(at === 0 ? 2 : width, width));
  const blocks = layers.map((layer): TensorModule => (batchNorm ? new Sequential(layer, new BatchNorm1d(width)) : layer));
  const output = linear(width, 1);
  const bend = activations[activation]();
  const model = new Sequential(...blocks.flatMap((block): TensorModule[] => [block, bend]), output);
  const parameters = model.parameters();
  const weights = layers.map(({ weight }) => weight);
  const optimizer = new SGD(parameters, { learningRate, momentum: 0.9 });
  const x = uniform([examples, 2], { low: -1, high: 1, generator });
  const y = sum(x.square(), 1, { keepAxes: true }).less(0.5).cast("float32");

  const lossOf = (inputs: Tensor, outputs: Tensor): Tensor => binaryCrossEntropyWithLogits(model.forward(inputs), outputs);
  const measure = compile((inputs: Tensor, outputs: Tensor) => {
    const { value, gradients } = valueAndGrad(() => lossOf(inputs, outputs), weights);
    return { loss: value, norms: gradients.map((gradient) => norm(gradient)) };
  });
  const learn = compile((inputs: Tensor, outputs: Tensor) => {
    const { value, gradients } = valueAndGrad(() => lossOf(inputs, outputs), parameters);
    optimizer.step(gradients);
    return value;
  });
  /** The share of units of each layer whose activation has the slope 0 for all examples. */
  const deadShares = (): number[] => {
    let hidden = x;
    return blocks.map((block) => {
      const before = block.forward(hidden);
      const slopes = grad((input: Tensor) => bend.forward(input).sum())(before);
      hidden = bend.forward(before);
      return slopes.abs().max(0).equal(0).cast("float32").mean().item();
    });
  };
  let steps = 0;
  return {
    step() {
      learn(x, y);
      steps += 1;
    },
    view() {
      const { loss, norms } = measure(x, y);
      return { steps, loss: loss.item(), gradients: norms.map((each) => each.item()), dead: deadShares() };
    },
    isDone: () => steps >= mostSteps,
  };
}
