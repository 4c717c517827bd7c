import { DataLoader, randomSplit, readCsv, Standardizer, TableEncoder, TensorDataset, type Table } from "@nn/data";
import { Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { mse } from "@nn/losses";
import { meanAbsoluteError, R2, r2Score } from "@nn/metrics";
import { Adam, cosineDecay } from "@nn/optim";
import { concat, manualSeed, type Tensor } from "@nn/tensor";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { flats } from "./flats.js";

const epochs = 60;
const target = "rent";

const table = await readCsv(flats(1000, 1), { missing: "keep" });
const [known, validation, unseen] = randomSplit(table, [0.6, 0.2, 0.2], { seed: 1 });

/** Columns become features by the statistics of the training rows: numbers are scaled, missing ones replaced by the mean, categories one-hot encoded. */
const encoder = TableEncoder.fit(known, { exclude: [target], missing: "mean" });
const rents = (rows: Table): Tensor => rows.tensor([target]);
/** Networks learn best what is about 1 in size. */
const scale = Standardizer.fit(rents(known));
const datasetOf = (rows: Table) => new TensorDataset(encoder.transform(rows), scale.transform(rents(rows)));

/** The models to compare: their input is a row of features. */
export const models = {
  "linear model": () => new Linear(encoder.featureNames.length, 1),
  "network": () => new Sequential(new Linear(encoder.featureNames.length, 64), new ReLU(), new Linear(64, 64), new ReLU(), new Linear(64, 1)),
} satisfies Readonly<Record<string, () => TensorModule>>;

/** Trains a model; it ends with the weights of its best epoch. */
export async function train(create: () => TensorModule): Promise<TensorModule> {
  manualSeed(1);
  const model = create();
  const batches = new DataLoader(datasetOf(known), { batchSize: 32, shuffle: true });
  await fit({
    model,
    loss: mse,
    optimizer: new Adam(model.parameters(), { learningRate: cosineDecay(5e-3, { steps: epochs * batches.length }) }),
    batches,
    validation: new DataLoader(datasetOf(validation), { batchSize: 200 }),
    metrics: { r2: new R2() },
    epochs,
    plugins: [earlyStopping({ patience: 15 }), progressBar()],
  });
  return model;
}

/** The rents that a model predicts for unseen flats, their mean error in euros, and the part of the variance that it explains. */
export function test(model: TensorModule) {
  const predicted = scale.inverseTransform(model.forward(encoder.transform(unseen)));
  const actual = rents(unseen);
  return { predicted, actual, error: meanAbsoluteError(predicted, actual), r2: r2Score(predicted, actual) };
}

export async function main(): Promise<void> {
  console.log(`Rents of ${known.length} flats, from a table with the columns ${table.names.join(", ")}.\n`);
  console.log("on unseen flats  mean error  variance explained");
  const results = [];
  for (const [name, create] of Object.entries(models)) {
    const result = test(await train(create));
    console.log(`${name.padEnd(15)}  ${`${result.error.toFixed(0)} €`.padStart(10)}  ${`${(100 * result.r2).toFixed(1)} %`.padStart(18)}`);
    results.push({ name, ...result });
  }
  console.log("(the noise alone: 32 €)\n");
  const [predicted = []] = results.slice(-1).map((result) => result.predicted.reshape([-1]).toArray() as number[]);
  console.log("area  rooms  district   rent  the network says");
  for (const [at, row] of [...unseen.take(5)].entries()) {
    console.log(`${`${row["area"]} m²`.padStart(6)}  ${String(row["rooms"]).padStart(3)}  ${String(row["district"]).padEnd(9)} ${String(row[target]).padStart(5)}  ${(predicted[at] ?? NaN).toFixed(0).padStart(16)}`);
  }
  savePicture("table-regression.svg", chart([
    ...results.map(({ name, predicted, actual }) => ({ name, points: concat([actual, predicted], 1).toArray() as [number, number][], as: "points", radius: 2.5 }) as const),
    { name: "exact", points: [[300, 300], [2400, 2400]], as: "dashed" },
  ], { title: "Rents of unseen flats", xLabel: "rent, €", yLabel: "predicted rent, €" }));
}
