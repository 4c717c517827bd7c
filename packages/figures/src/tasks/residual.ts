import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { digits } from "@nn/data";
import { Conv2d, Flatten, Linear, ReLU, Residual, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { avgPool2d, Generator, norm, type Tensor } from "@nn/tensor";
import { rehearse } from "./rehearsal.js";
import type { Task } from "./task.js";

export interface ResidualSettings {
  /** The number of convolutions: one, and two in each block. */
  readonly depth: number;
}

/** A network after a step. */
export interface DepthView {
  /** The loss that each step began with. */
  readonly losses: readonly number[];
  /** The norm of the gradient of each convolution's weight that the last step used, from the first convolution to the last. */
  readonly gradients: readonly number[];
}

export interface ResidualView {
  readonly steps: number;
  readonly plain: DepthView;
  readonly residual: DepthView;
}

/** The depths that can be chosen. */
export const depths = [5, 9, 13, 21, 29] as const;
export const mostSteps = 80;
const [channels, side, examples, learningRate] = [8, 7, 64, 0.003];

/** Digits of 7 × 7 pixels. */
function smallDigits(): readonly [images: Tensor, labels: Tensor] {
  const [images, labels] = digits({ train: examples, test: 1, seed: 1 }).train.tensors;
  return [avgPool2d(images.reshape([examples, 1, 28, 28]), 28 / side), labels];
}

/** Two equally deep networks of convolutions learn the same few digits; one adds to the output of every two convolutions their input. */
export function residual({ depth }: ResidualSettings): Task<ResidualView> {
  const [images, labels] = smallDigits();
  const [plain, other] = [learnerOf(depth, false), learnerOf(depth, true)];
  const learners = [plain, other];
  let steps = 0;
  return {
    prepare() {
      for (const { prepare } of learners) prepare(images, labels);
    },
    step() {
      for (const { learn } of learners) learn(images, labels);
      steps += 1;
    },
    view: () => ({ steps, plain: plain.view(images, labels), residual: other.view(images, labels) }),
    isDone: () => steps >= mostSteps,
  };
}

interface Learner {
  readonly prepare: (images: Tensor, labels: Tensor) => void;
  readonly learn: (images: Tensor, labels: Tensor) => void;
  readonly view: (images: Tensor, labels: Tensor) => DepthView;
}

function learnerOf(depth: number, isResidual: boolean): Learner {
  const generator = new Generator(1);
  const convolution = (from: number): Conv2d => new Conv2d(from, channels, 3, { padding: 1, generator });
  const first = convolution(1);
  const bodies = Array.from({ length: (depth - 1) / 2 }, () => [convolution(channels), convolution(channels)] as const);
  const blocks = bodies.flatMap(([a, b]): TensorModule[] => {
    const body = new Sequential(a, new ReLU(), b);
    return [isResidual ? new Residual(body) : body, new ReLU()];
  });
  const model = new Sequential(first, new ReLU(), ...blocks, new Flatten(), new Linear(channels * side ** 2, 10, { generator }));
  const [parameters, weights] = [model.parameters(), [first, ...bodies.flat()].map(({ weight }) => weight)];
  const optimizer = new Adam(parameters, { learningRate });
  /** The loss, and its gradients: of all parameters, and how large those of the convolutions are. */
  const evaluate = (images: Tensor, labels: Tensor) => {
    const { value: loss, gradients } = valueAndGrad(() => crossEntropy(model.forward(images), labels), parameters);
    return { loss, gradients, norms: weights.flatMap((weight) => gradients[parameters.indexOf(weight)] ?? []).map((gradient) => norm(gradient)) };
  };
  const learn = compile((images: Tensor, labels: Tensor) => {
    const { loss, gradients, norms } = evaluate(images, labels);
    optimizer.step(gradients);
    return { loss, norms };
  });
  const losses: number[] = [];
  let norms: readonly Tensor[] = [];
  return {
    prepare: (images, labels) => rehearse({ model, optimizer }, () => learn(images, labels)),
    learn(images, labels) {
      const result = learn(images, labels);
      losses.push(result.loss.item());
      norms = result.norms;
    },
    view(images, labels) {
      if (losses.length > 0) return { losses: [...losses], gradients: norms.map((each) => each.item()) };
      const start = evaluate(images, labels);
      return { losses: [start.loss.item()], gradients: start.norms.map((each) => each.item()) };
    },
  };
}
