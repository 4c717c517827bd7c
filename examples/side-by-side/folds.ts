import { DataLoader, moons, stratifiedKFold } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { crossValidate, evaluate, fit } from "@nn/train";

const folds = stratifiedKFold(moons({ count: 300, noise: 0.2 }), 5);
const { mean, std } = await crossValidate(folds, async ({ train, validation }) => {
  const model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 2));
  await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
    batches: new DataLoader(train, { shuffle: true }),
    epochs: 20,
  });
  return evaluate(model, new DataLoader(validation), { accuracy: new Accuracy() });
});
console.log(`accuracy ${mean.accuracy} ± ${std.accuracy}`);
