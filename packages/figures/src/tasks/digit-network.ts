import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@nn/layers";
import { Generator, softmax, tensor, type Tensor } from "@nn/tensor";
import { imageSide } from "./drawing.js";
import type { Kernel } from "./kernels.js";

/** Number of kernels in the first layer. */
export const firstKernels = 8;

/** Two convolutions, each with a pooling, and a linear layer: the network of the example digits-convolutional. */
export function createModel() {
  const generator = new Generator(1);
  return new Sequential(
    new Conv2d(1, firstKernels, 3, { generator }), new ReLU(), new MaxPool2d(2),
    new Conv2d(firstKernels, 16, 3, { generator }), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Linear(400, 10, { generator }),
  );
}

/** The values of a tensor. */
export const numbersOf = (x: Tensor): readonly number[] => [...x.toTypedArray()].map(Number);

/** Whole numbers that follow each other. */
export const range = (from: number, length: number): number[] => Array.from({ length }, (_, at) => from + at);

/** What a network makes of an image. */
export interface Reading {
  /** The probability of each digit. */
  readonly probabilities: readonly number[];
  /** The first layer's feature maps, after ReLU, each `26 × 26`. */
  readonly maps: readonly (readonly number[])[];
  /** The first layer's kernels. */
  readonly kernels: readonly Kernel[];
}

/** The network that a worker trains, in the page. It is small enough to run without the compiler, which only the worker loads. */
export class Reader {
  readonly #model = createModel();

  /** Reads an image with the values of all parameters. */
  read(pixels: readonly number[], parameters: readonly (readonly number[])[]): Reading {
    this.#model.parameters().forEach((parameter, at) => {
      parameter.value = tensor([...(parameters[at] ?? [])]).reshape(parameter.value.shape);
    });
    const [convolution, activation, ...rest] = this.#model.layers;
    const maps = activation.forward(convolution.forward(tensor([...pixels]).reshape([1, 1, imageSide, imageSide])));
    const probabilities = softmax(rest.reduce((x, layer) => layer.forward(x), maps), 1);
    const [weight = []] = parameters;
    const split = (values: readonly number[], size: number): readonly (readonly number[])[] => range(0, values.length / size).map((at) => values.slice(at * size, (at + 1) * size));
    return { probabilities: numbersOf(probabilities), maps: split(numbersOf(maps), maps.size / firstKernels), kernels: split(weight, 9) };
  }
}
