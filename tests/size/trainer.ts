// A perceptron and its training step, for any compiler.
import { valueAndGrad } from "@nn/autograd";
import type { Compile } from "@nn/compiler/features";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { manualSeed, tensor, type Tensor } from "@nn/tensor";

/** Creates a model and a function that takes one training step on a batch of images (the class of image i is i mod 10), and returns the loss before the step. */
export function trainer(compile: Compile): (pixels: Float32Array) => ArrayLike<number> {
  manualSeed(1);
  const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-3 });

  const step = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  });

  return (pixels) => {
    const count = pixels.length / 784;
    const classes = tensor(Int32Array.from({ length: count }, (_, at) => at % 10));
    return step(tensor(pixels, { shape: [count, 784] }), classes).toTypedArray();
  };
}
