// What somebody who only predicts with a perceptron writes; `npm run check:size` weighs it with all that it pulls in.
import { Linear, ReLU, Sequential, type StateDict } from "@nn/layers";
import { softmax, tensor } from "@nn/tensor";

export function classifier(weights: StateDict): (pixels: Float32Array) => number[] {
  const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
  model.loadStateDict(weights);
  return (pixels) => [...softmax(model.forward(tensor(pixels, { shape: [1, 784] }))).toTypedArray()];
}
