// node fit.mjs FOLDER: trains with the plugin `dashboard`, whose address goes to the standard error stream. Used by the tests of the dashboard.
import { manualSeed } from "@nn/tensor";
import { DataLoader, digits } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { fit } from "@nn/train";
import { dashboard } from "@nn/dashboard";

const [runs = "runs"] = process.argv.slice(2);

manualSeed(1);
const { train, test } = digits({ train: 500, test: 100, seed: 1 });
const model = new Sequential(new Linear(784, 16), new ReLU(), new Linear(16, 10));
const { outcome, reason } = await fit({
  model,
  loss: crossEntropy,
  optimizer: new Adam(model.parameters(), { learningRate: 0.001 }),
  batches: new DataLoader(train, { batchSize: 50, shuffle: true }),
  validation: new DataLoader(test, { batchSize: 100 }),
  epochs: 1_000_000,
  plugins: [dashboard({ runs, name: "fitted", settings: { hidden: 16 } })],
});
console.log(`${outcome}: ${reason}`);
