import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { binaryCrossEntropyWithLogits, gaussianKlDivergence, mse } from "@nn/losses";
import { Adam } from "@nn/optim";
import { exp, Generator, indexSelect, normal, randomIntegers, sigmoid, split, type Tensor } from "@nn/tensor";
import { createDecoder, type Code } from "./digit-decoder.js";
import { numbersOf } from "./digit-network.js";
import { digitPixels, rowsOf, smallDigits, type SmallDigits } from "./small-digits.js";
import type { Task } from "./task.js";

/** A plain autoencoder, or a variational one. */
export type AutoencoderKind = "plain" | "variational";

export interface AutoencoderSettings {
  readonly kind: AutoencoderKind;
}

export interface AutoencoderView {
  readonly steps: number;
  /** Mean squared error of a pixel of unseen digits. */
  readonly error: number;
  /** The Kullback-Leibler divergence of a code from the standard normal distribution; `undefined` for a plain autoencoder, which has none. */
  readonly divergence: number | undefined;
  /** Where the encoder puts unseen digits, and which digits they are. */
  readonly codes: readonly Code[];
  readonly labels: readonly number[];
  /** The first ten of these digits, and what the decoder makes of their codes. */
  readonly originals: readonly (readonly number[])[];
  readonly copies: readonly (readonly number[])[];
  /** The values of all parameters of the decoder, for a `Decoder`. */
  readonly decoder: readonly (readonly number[])[];
}

const [trainImages, testImages, shownImages, batch, hidden, mostSteps, learningRate] = [800, 150, 10, 50, 128, 1500, 5e-3];

/**
 * Squeezes images of digits into two numbers, and unfolds them again. The variational autoencoder (Kingma and Welling 2014) gives a normal distribution
 * instead of a point, decodes a random point of it, and pays for the divergence from the standard normal distribution.
 */
export function autoencoder({ kind }: AutoencoderSettings): Task<AutoencoderView> {
  const generator = new Generator(1);
  const encoder = new Sequential(new Linear(digitPixels, hidden, { generator }), new ReLU(), new Linear(hidden, 4, { generator }));
  const decoder = createDecoder(generator);
  const parameters = [...encoder.parameters(), ...decoder.parameters()];
  const optimizer = new Adam(parameters, { learningRate });
  const variational = kind === "variational";

  /** Mean and logarithm of the variance of each code. A plain autoencoder uses the mean alone. */
  const encode = (images: Tensor): readonly [mean: Tensor, logVariance: Tensor] => {
    const [mean, logVariance] = split(encoder.forward(images), [2, 2], 1);
    return [mean, logVariance];
  };
  const lossOf = (images: Tensor): Tensor => {
    const [mean, logVariance] = encode(images);
    const code = variational ? mean.add(exp(logVariance.mul(0.5)).mul(normal(mean.shape, { generator }))) : mean;
    const difference = binaryCrossEntropyWithLogits(decoder.forward(code), images, { reduction: "none" }).sum(1).mean();
    return variational ? difference.add(gaussianKlDivergence({ mean, logVariance })) : difference;
  };
  const learn = compile((all: Tensor) => {
    const images = indexSelect(all, randomIntegers([batch], { low: 0, high: trainImages, generator }), 0);
    const { value, gradients } = valueAndGrad(() => lossOf(images), parameters);
    optimizer.step(gradients);
    return value;
  });
  const measure = compile((images: Tensor) => {
    const [mean, logVariance] = encode(images);
    const copies = sigmoid(decoder.forward(mean));
    return { codes: mean, copies: copies.slice([{ stop: shownImages }]), error: mse(copies, images), divergence: gaussianKlDivergence({ mean, logVariance }) };
  });
  let known: SmallDigits | undefined;
  const unseen = smallDigits(testImages, "test", true);
  const [labels, originals] = [numbersOf(unseen.labels), rowsOf(unseen.images.slice([{ stop: shownImages }]))];
  let steps = 0;
  return {
    step() {
      known ??= smallDigits(trainImages, "train", true);
      learn(known.images);
      steps += 1;
    },
    view() {
      const { codes, copies, error, divergence } = measure(unseen.images);
      return {
        steps, error: error.item(), divergence: variational ? divergence.item() : undefined, codes: codes.toArray() as [number, number][], labels, originals, copies: rowsOf(copies),
        decoder: decoder.parameters().map(({ value }) => numbersOf(value)),
      };
    },
    isDone: () => steps >= mostSteps,
  };
}
