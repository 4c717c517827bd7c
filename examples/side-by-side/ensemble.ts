import { bootstrap, DataLoader, moons } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { softmax } from "@nn/tensor";
import { bagging, evaluate, fit } from "@nn/train";

const samples = bootstrap(moons({ count: 200, noise: 0.3 }), 5);
const together = await bagging(samples, async ({ train }) => {
  const model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 2));
  await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
    batches: new DataLoader(train, { shuffle: true }),
    epochs: 20,
  });
  return model;
}, { transform: (logits) => softmax(logits) });
const unseen = new DataLoader(moons({ count: 200, noise: 0.3 }));
const { accuracy } = await evaluate(together, unseen, { accuracy: new Accuracy() });
console.log(`accuracy ${accuracy}`);
