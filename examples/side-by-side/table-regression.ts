import { DataLoader, randomSplit, readCsvFile, Standardizer, TableEncoder } from "@nn/data";
import { TensorDataset, type Table } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { mse } from "@nn/losses";
import { MeanAbsoluteError } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

const table = await readCsvFile("flats.csv", { missing: "keep" });
const [train, validation] = randomSplit(table, [0.8, 0.2]);
const encoder = TableEncoder.fit(train, { exclude: ["rent"], missing: "mean" });
const scale = Standardizer.fit(train.tensor(["rent"]));
const datasetOf = (rows: Table) =>
  new TensorDataset(encoder.transform(rows), scale.transform(rows.tensor(["rent"])));

const model = new Sequential(
  new Linear(encoder.featureNames.length, 64),
  new ReLU(),
  new Linear(64, 64),
  new ReLU(),
  new Linear(64, 1),
);
const { best } = await fit({
  model,
  loss: mse,
  optimizer: new Adam(model.parameters(), { learningRate: 3e-3 }),
  batches: new DataLoader(datasetOf(train), { shuffle: true }),
  validation: new DataLoader(datasetOf(validation)),
  metrics: { mae: new MeanAbsoluteError() },
  epochs: 60,
  plugins: [earlyStopping({ patience: 10 }), progressBar()],
});
console.log(`mae ${best?.values.validation.mae}`);
