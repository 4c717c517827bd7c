// A page that only predicts with a perceptron. `npm run check:size` measures the bundle and runs it.
import { Linear, ReLU, Sequential } from "@nn/layers";
import { softmax, tensor } from "@nn/tensor";

/** Weights as they come from a file. */
export type Weights = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;

export const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));

export function load(weights: Weights): void {
  model.loadStateDict(Object.fromEntries(Object.entries(weights).map(([name, { shape, values }]) => [name, tensor(values, { shape })])));
}

/** The probability of each class. */
export function run(pixels: Float32Array): ArrayLike<number> {
  return softmax(model.forward(tensor(pixels, { shape: [1, 784] }))).toTypedArray();
}
