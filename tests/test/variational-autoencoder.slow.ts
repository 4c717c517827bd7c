import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits } from "@nn/data";
import { Linear, Module, ReLU, Sequential } from "@nn/layers";
import { binaryCrossEntropyWithLogits, gaussianKlDivergence } from "@nn/losses";
import { Adam } from "@nn/optim";
import { avgPool2d, exp, Generator, mean, normal, sigmoid, split, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { energyDistance } from "./energy-distance.js";

const [pixels, latents] = [14 * 14, 8];

/** Images of half the size, a row each. */
const halved = (images: Tensor): Tensor => avgPool2d(images, 2).reshape([-1, pixels]);

/** Images from latent variables, and back (Kingma and Welling 2014). */
class VariationalAutoencoder extends Module {
  readonly encoder: Sequential;
  readonly decoder: Sequential;
  readonly #generator: Generator;

  constructor(generator: Generator) {
    super();
    this.encoder = new Sequential(new Linear(pixels, 128, { generator }), new ReLU(), new Linear(128, 2 * latents, { generator }));
    this.decoder = new Sequential(new Linear(latents, 128, { generator }), new ReLU(), new Linear(128, pixels, { generator }));
    this.#generator = generator;
  }

  /** Negative evidence lower bound of each image, in nats: what it costs to tell the latent variables, and then the image. */
  override forward(x: Tensor): Tensor {
    const [center, logVariance] = split(this.encoder.forward(x), [latents, latents], 1);
    const noise = normal(center.shape, { generator: this.#generator });
    const logits = this.decoder.forward(center.add(exp(logVariance.mul(0.5)).mul(noise)));
    const reconstruction = binaryCrossEntropyWithLogits(logits, x, { reduction: "none" }).sum(1);
    return reconstruction.add(gaussianKlDivergence({ mean: center, logVariance }, { reduction: "none" }));
  }

  /** Images of latent variables drawn from the prior. */
  imagine(count: number): Tensor {
    return sigmoid(this.decoder.forward(normal([count, latents], { generator: this.#generator })));
  }
}

function begin() {
  const model = new VariationalAutoencoder(new Generator(1));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 3e-3 });
  const step = (images: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => mean(model.forward(halved(images))), parameters);
    optimizer.step(gradients);
    return value;
  };
  return { model, step };
}

test("a variational autoencoder learns what digits look like", () => {
  const { train, test: held } = digits({ train: 2000, test: 500, seed: 1, flatten: false });
  const loader = new DataLoader(train, { batchSize: 50, shuffle: true, seed: 1 });
  const { step: eagerly } = begin();
  const { model, step } = begin();
  const compiled = compile(step);
  for (const [x] of [train.batch([0, 1, 2]), train.batch([3, 4, 5])]) expect(compiled(x).item()).toBeCloseTo(eagerly(x).item(), 3);
  for (let epoch = 0; epoch < 20; epoch++) for (const [x] of loader) compiled(x);

  // The mean of all images would take 64 nats, and be at a distance of 1.7.
  const unseen = halved(held.tensors[0]);
  expect(mean(model.forward(unseen)).item()).toBeLessThan(59);
  expect(energyDistance(model.imagine(500), unseen)).toBeLessThan(0.25);
});
