import { DataLoader, Standardizer, TensorDataset } from "@nn/data";
import { GRU, Linear, Module } from "@nn/layers";
import { mse } from "@nn/losses";
import { meanAbsoluteError } from "@nn/metrics";
import { Adam, cosineDecay } from "@nn/optim";
import { manualSeed, narrow, select, slidingWindows, unsqueeze, type Tensor } from "@nn/tensor";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { drawLoad } from "./load.js";

const epochs = 20;
/** A forecast sees the hours of the last week, and is about those of the next day. */
const [past, future] = [168, 24];

const load = drawLoad(200, 1);
/** Time goes on: the model learns from the first 140 days, is validated on the next 30, and tested on the last 30. */
const [known, validation, unseen] = [narrow(load, 0, 0, 24 * 140), narrow(load, 0, 24 * 140, 24 * 30), narrow(load, 0, 24 * 170, 24 * 30)];
const scale = Standardizer.fit(unsqueeze(known, 1));
const scaled = (values: Tensor): Tensor => scale.transform(unsqueeze(values, -1)).select(-1, 0);

/** Every week of a series, `[N, past]`, and the day after it, `[N, future]`; one begins every `every` hours. */
function windowsOf(series: Tensor, every: number): readonly [past: Tensor, future: Tensor] {
  const windows = slidingWindows(series, 0, past + future, every);
  return [narrow(windows, 1, 0, past), narrow(windows, 1, past, future)];
}

const datasetOf = (series: Tensor, every: number) => new TensorDataset(...windowsOf(scaled(series), every));

/** Reads the past day by day, and predicts the next day from its last state. What the head adds is the change to the same hours of last week. */
class Forecaster extends Module {
  readonly gru = new GRU(24, 64, { batchFirst: true });
  readonly head = new Linear(64, future);

  override forward(x: Tensor): Tensor {
    const { hidden } = this.gru.forward(x.reshape([-1, past / 24, 24]));
    return narrow(x, 1, 0, future).add(this.head.forward(select(hidden, 0, -1)));
  }
}

/** Trains a model; it ends with the weights of its best epoch. */
export async function train() {
  manualSeed(1);
  const model = new Forecaster();
  const batches = new DataLoader(datasetOf(known, 1), { batchSize: 32, shuffle: true });
  const { best } = await fit({
    model,
    loss: mse,
    optimizer: new Adam(model.parameters(), { learningRate: cosineDecay(5e-3, { steps: epochs * batches.length }) }),
    batches,
    validation: new DataLoader(datasetOf(validation, 3), { batchSize: 200 }),
    epochs,
    clipNorm: 1,
    plugins: [earlyStopping({ patience: 5 }), progressBar()],
  });
  return { model, best };
}

/** The mean error of a forecast of the unseen days in megawatts, and that of two that need no model: the same hours of yesterday, and of a week ago. */
export function test(model: Forecaster) {
  const [before, after] = windowsOf(unseen, 24);
  const forecast = scale.inverseTransform(unsqueeze(model.forward(scaled(before)), -1)).select(-1, 0);
  return {
    forecast, after,
    error: meanAbsoluteError(forecast, after),
    yesterday: meanAbsoluteError(narrow(before, 1, past - future, future), after),
    lastWeek: meanAbsoluteError(narrow(before, 1, 0, future), after),
  };
}

const points = (days: Tensor): [number, number][] => (days.reshape([-1]).toArray() as number[]).map((value, hour) => [hour / 24, value]);

export async function main(): Promise<void> {
  console.log("A recurrent network reads the load of a power grid for a week, and predicts the next day.");
  const { model } = await train();
  const { forecast, after, error, yesterday, lastWeek } = test(model);
  console.log("\nmean error on unseen days");
  console.log(`  the same hours of yesterday   ${yesterday.toFixed(2)} MW`);
  console.log(`  the same hours of a week ago  ${lastWeek.toFixed(2)} MW`);
  console.log(`  the network                   ${error.toFixed(2)} MW`);
  savePicture("series.svg", chart([
    { name: "load", points: points(narrow(after, 0, 0, 7)) },
    { name: "forecast of each day", points: points(narrow(forecast, 0, 0, 7)), as: "dashed" },
  ], { title: "A week that the network has not seen", xLabel: "day", yLabel: "load, MW" }));
}
