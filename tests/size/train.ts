// What somebody who trains a perceptron in the browser writes; `npm run check:size` weighs it with all that it pulls in.
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { manualSeed, type Tensor } from "@nn/tensor";

manualSeed(1);
export const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
const parameters = model.parameters();
const optimizer = new Adam(parameters, { learningRate: 1e-3 });

export const step = compile((x: Tensor, y: Tensor) => {
  const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
  optimizer.step(gradients);
  return value;
});
