import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits } from "@nn/data";
import { Linear, Module, ReLU, Sequential } from "@nn/layers";
import { binaryCrossEntropyWithLogits, gaussianKlDivergence } from "@nn/losses";
import { Adam } from "@nn/optim";
import { avgPool2d, concat, exp, Generator, mean, normal, sigmoid, split, type Tensor } from "@nn/tensor";
import { energyDistance } from "../support/energy-distance.js";
import { imageGrid } from "../support/image-grid.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

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

/** Creates a model and its step, which takes images `[N, 1, 28, 28]` and returns the mean loss. */
export function createAutoencoder() {
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

/** Images of digits for training and testing. */
export const data = () => digits({ train: 2000, test: 500, seed: 1, flatten: false });

/** Trains a model; `onEpoch` receives the mean loss of each epoch. */
export function train({ epochs = 20, onEpoch = () => undefined }: { readonly epochs?: number; readonly onEpoch?: (loss: number) => void } = {}) {
  const loader = new DataLoader(data().train, { batchSize: 50, shuffle: true, seed: 1 });
  const { model, step } = createAutoencoder();
  const compiled = compile(step);
  for (let epoch = 0; epoch < epochs; epoch++) {
    let total = 0;
    for (const [x] of loader) total += compiled(x).item();
    onEpoch(total / loader.length);
  }
  return model;
}

export function main(): void {
  const epochs = 20;
  console.log("A variational autoencoder learns what digits look like.");
  const progress = new Progress("training", epochs);
  const model = train({ epochs, onEpoch: (loss) => progress.advance(`loss ${loss.toFixed(1)} nats`) });
  progress.end();
  const unseen = halved(data().test.tensors[0]);
  const imagined = model.imagine(500);
  console.log(`negative evidence lower bound of unseen images: ${mean(model.forward(unseen)).item().toFixed(1)} nats (the mean image: 64)`);
  console.log(`distance of imagined images from real ones:     ${energyDistance(imagined, unseen).toFixed(3)} (the mean image: 1.7)`);
  const twelve = (images: Tensor): Tensor => images.slice([{ stop: 12 }]).reshape([12, side, side]);
  savePicture("variational-autoencoder.png", imageGrid(concat([twelve(unseen), twelve(model.reconstruct(unseen)), twelve(imagined)], 0), { columns: 12 }));
}
