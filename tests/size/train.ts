// What somebody who trains a perceptron in the browser writes; `npm run check:size` weighs it with all that it pulls in, and runs it.
import { valueAndGrad } from "@nn/autograd";
import { createCompiler, exp, log, matmul } from "@nn/compiler/parts";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { manualSeed, tensor, type Tensor } from "@nn/tensor";

const compile = createCompiler({ matmul, exp, log });

manualSeed(1);
export const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
const parameters = model.parameters();
const optimizer = new Adam(parameters, { learningRate: 1e-3 });

const step = compile((x: Tensor, y: Tensor) => {
  const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
  optimizer.step(gradients);
  return value;
});

/** The loss of a batch of images, of which each has the class of its place, before a step of training on them. */
export function run(pixels: Float32Array): ArrayLike<number> {
  const count = pixels.length / 784;
  const classes = tensor(Int32Array.from({ length: count }, (_, at) => at % 10));
  return step(tensor(pixels, { shape: [count, 784] }), classes).toTypedArray();
}
