import { tensor } from "@nn/tensor";
import type { Load, MlpParameters } from "../competitor/load.js";
import { mlp, trainingStep } from "./mlp.js";
import { floats } from "./prepare.js";

export const load: Load<MlpParameters> = ({ sizes, batch }, setting) => {
  const { values } = setting;
  const [features = 0, classes = 0] = [sizes[0], sizes.at(-1)];
  const x = floats(values.uniform(batch * features, 1), [batch, features]);
  const y = tensor(values.labels(batch, classes, 2), { dtype: "int32" });
  const step = trainingStep(mlp(sizes, setting), setting);
  return {
    run: () => step(x, y),
    check: () => [step(x, y).item(), step(x, y).item(), step(x, y).item()],
  };
};
