import { DataLoader, moons, randomSplit } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { createStudy, float, hyperbandPruner, int, TrialPruned } from "@nn/search";
import { fit } from "@nn/train";

const [train, validation] = randomSplit(moons({ count: 400, noise: 0.2 }), [0.6, 0.4]);
const study = await createStudy({
  space: { learningRate: float(1e-4, 0.1, { log: true }), width: int(4, 64, { log: true }) },
  pruner: hyperbandPruner({ maxResource: 20 }),
});
await study.optimize(async ({ learningRate, width }, trial) => {
  const model = new Sequential(new Linear(2, width), new ReLU(), new Linear(width, 2));
  const training = fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate }),
    batches: new DataLoader(train, { shuffle: true }),
    validation: new DataLoader(validation),
    epochs: 20,
  });
  let loss = Infinity;
  for await (const event of training) {
    if (event.type !== "epoch") continue;
    loss = event.values.validation.loss;
    await trial.report(event.epoch, loss);
    if (await trial.shouldPrune()) throw new TrialPruned();
  }
  return loss;
}, { trials: 20 });
console.log(`loss ${study.best.value}`, study.best.parameters);
