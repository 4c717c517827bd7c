import { DataLoader, readCsvFile, Standardizer, TensorDataset } from "@nn/data";
import { GRU, Linear, Module } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam } from "@nn/optim";
import { narrow, select, slidingWindows, type Tensor } from "@nn/tensor";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

const [past, future] = [168, 24];
const load = (await readCsvFile("load.csv")).tensor(["load"]);
const scaled = Standardizer.fit(load).transform(load).reshape([-1]);
const windows = slidingWindows(scaled, 0, past + future);
const data = new TensorDataset(narrow(windows, 1, 0, past), narrow(windows, 1, past, future));
const count = Math.round(0.8 * data.length);

class Forecaster extends Module {
  readonly gru = new GRU(24, 64, { batchFirst: true });
  readonly head = new Linear(64, future);
  override forward(x: Tensor): Tensor {
    const { hidden } = this.gru.forward(x.reshape([-1, past / 24, 24]));
    return this.head.forward(select(hidden, 0, -1));
  }
}

const model = new Forecaster();
const { best } = await fit({
  model,
  loss: mse,
  optimizer: new Adam(model.parameters(), { learningRate: 2e-3 }),
  batches: new DataLoader(data.take(count), { shuffle: true }),
  validation: new DataLoader(data.skip(count + future)),
  epochs: 10,
  plugins: [earlyStopping({ patience: 3 }), progressBar()],
});
console.log(`mse ${best?.values.validation.loss}`);
