import { DataLoader, moons, randomSplit } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { manualSeed, softmax } from "@nn/tensor";
import { earlyStopping, fit } from "@nn/train";
import { epochTable } from "@nn/train/node";
import { decisionRegions } from "../support/decision-regions.js";
import { savePicture } from "../support/output.js";

/** Points of two interleaved half circles: two thirds for training, one third to validate. */
export const [known, unseen] = randomSplit(moons({ count: 450, noise: 0.2, seed: 1 }), [2 / 3, 1 / 3], { seed: 1 });

/** Trains a classifier until its loss on unseen points no longer falls. */
export async function train() {
  manualSeed(1);
  const model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 32), new ReLU(), new Linear(32, 2));
  const { best, history } = await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 5e-3 }),
    batches: new DataLoader(known, { batchSize: 30, shuffle: true }),
    validation: new DataLoader(unseen, { batchSize: 150 }),
    metrics: { accuracy: new Accuracy() },
    epochs: 60,
    plugins: [earlyStopping({ patience: 8 }), epochTable()],
  });
  return { model, best, history };
}

export async function main(): Promise<void> {
  console.log("A network learns the border between two moons.");
  const { model, best, history } = await train();
  console.log(`${history.length} epochs; the best one was ${best?.epoch}, with ${(100 * (best?.values.validation.accuracy ?? NaN)).toFixed(1)} % of unseen points classified correctly`);
  savePicture("moons.svg", decisionRegions(unseen, {
    title: "Two moons, unseen points", classes: ["upper moon", "lower moon"], x: [-1.8, 2.8], y: [-1.3, 1.8], probabilities: (points) => softmax(model.forward(points)),
  }));
}
