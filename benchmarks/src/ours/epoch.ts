import { DataLoader, TensorDataset } from "@nn/data";
import { tensor } from "@nn/tensor";
import type { EpochParameters, Load } from "../competitor/load.js";
import { mlp, trainingStep } from "./mlp.js";
import { floats } from "./prepare.js";

export const load: Load<EpochParameters> = ({ sizes, batch, images, train }, setting) => {
  const { values } = setting;
  const [features = 0, classes = 0] = [sizes[0], sizes.at(-1)];
  const x = floats(values.pixels(images * features, 1), [images, features]);
  const y = tensor(values.labels(images, classes, 2), { dtype: "int32" });
  const loader = new DataLoader(new TensorDataset(x, y), { batchSize: batch, shuffle: true, seed: 1 });
  const step = trainingStep(mlp(sizes, setting), setting);
  const run = (): number => {
    let rows = 0;
    for (const [inputs, targets] of loader) {
      if (train) step(inputs, targets);
      rows += targets.shape[0] ?? 0;
    }
    return rows;
  };
  return { run, check: () => [run()] };
};
