import { DataLoader, digits } from "@nn/data";
import { Linear, Module, ReLU, Sequential } from "@nn/layers";
import { binaryCrossEntropyWithLogits, gaussianKlDivergence } from "@nn/losses";
import { Adam } from "@nn/optim";
import { exp, mean, normal, sigmoid, split, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

class Vae extends Module {
  readonly encoder = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 16));
  readonly decoder = new Sequential(new Linear(8, 128), new ReLU(), new Linear(128, 784));
  override forward(x: Tensor) {
    const [center, logVariance] = split(this.encoder.forward(x), [8, 8], 1);
    const latent = center.add(exp(logVariance.mul(0.5)).mul(normal(center.shape)));
    return { center, logVariance, logits: this.decoder.forward(latent), x };
  }
}

const model = new Vae();
const { history } = await fit({
  model,
  loss: ({ center, logVariance, logits, x }) => {
    const error = binaryCrossEntropyWithLogits(logits, x, { reduction: "none" }).sum(1);
    const divergence = gaussianKlDivergence({ mean: center, logVariance }, { reduction: "none" });
    return mean(error.add(divergence));
  },
  optimizer: new Adam(model.parameters(), { learningRate: 3e-3 }),
  batches: new DataLoader(digits({ train: 2000 }).train, { batchSize: 50, shuffle: true }),
  epochs: 10,
  plugins: [progressBar()],
});
const imagined = sigmoid(model.decoder.forward(normal([10, 8])));
console.log(`loss ${history.at(-1)?.values.training.loss}, images ${imagined.shape}`);
