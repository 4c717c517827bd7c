import { DataLoader, digits } from "@nn/data";
import { Linear, Module, ReLU, Sequential } from "@nn/layers";
import { binaryCrossEntropyWithLogits, gaussianKlDivergence } from "@nn/losses";
import { Adam } from "@nn/optim";
import { avgPool2d, concat, exp, Generator, mean, normal, sigmoid, split, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { energyDistance } from "../support/energy-distance.js";
import { imageGrid } from "../support/image-grid.js";
import { savePicture } from "../support/output.js";

const [side, latents] = [14, 8];
const pixels = side * side;

/** Images of half the size, one row for each. */
export const halved = (images: Tensor): Tensor => avgPool2d(images, 2).reshape([-1, pixels]);

/** Maps images to latent variables and back (Kingma and Welling 2014). */
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

  /** Negative evidence lower bound of each image, in nats: the cost of encoding the latent variables plus the cost of the image given them. */
  override forward(x: Tensor): Tensor {
    const [center, logVariance] = split(this.encoder.forward(x), [latents, latents], 1);
    const noise = normal(center.shape, { generator: this.#generator });
    const logits = this.decoder.forward(center.add(exp(logVariance.mul(0.5)).mul(noise)));
    const reconstruction = binaryCrossEntropyWithLogits(logits, x, { reduction: "none" }).sum(1);
    return reconstruction.add(gaussianKlDivergence({ mean: center, logVariance }, { reduction: "none" }));
  }

  /** Reconstructs images, without noise in the latent variables. */
  reconstruct(x: Tensor): Tensor {
    const [center] = split(this.encoder.forward(x), [latents, latents], 1);
    return sigmoid(this.decoder.forward(center));
  }

  /** Generates images from latent variables drawn from the prior. */
  imagine(count: number): Tensor {
    return sigmoid(this.decoder.forward(normal([count, latents], { generator: this.#generator })));
  }
}

/** Images of digits for training and testing. */
export const data = () => digits({ train: 2000, test: 500, seed: 1, flatten: false });

/** Trains a model. The loss is the mean of what it gives; labels are not used. */
export async function train({ epochs = 20, compile = true } = {}) {
  const model = new VariationalAutoencoder(new Generator(1));
  const { history } = await fit({
    model,
    loss: (bounds: Tensor) => mean(bounds),
    optimizer: new Adam(model.parameters(), { learningRate: 3e-3 }),
    augment: (images, labels) => [halved(images), labels],
    batches: new DataLoader(data().train, { batchSize: 50, shuffle: true, seed: 1 }),
    epochs,
    compile,
    plugins: [progressBar()],
  });
  return { model, loss: history.at(-1)?.values.training.loss ?? NaN };
}

export async function main(): Promise<void> {
  console.log("A variational autoencoder learns what digits look like.");
  const { model } = await train();
  const unseen = halved(data().test.tensors[0]);
  const imagined = model.imagine(500);
  console.log(`negative evidence lower bound of unseen images: ${mean(model.forward(unseen)).item().toFixed(1)} nats (the mean image: 64)`);
  console.log(`distance of imagined images from real ones:     ${energyDistance(imagined, unseen).toFixed(3)} (the mean image: 1.7)`);
  const twelve = (images: Tensor): Tensor => images.slice([{ stop: 12 }]).reshape([12, side, side]);
  savePicture("variational-autoencoder.png", imageGrid(concat([twelve(unseen), twelve(model.reconstruct(unseen)), twelve(imagined)], 0), { columns: 12 }));
}
