import { tensor, type Tensor } from "@nn/tensor";
import type { Load, ModelParameters, Setting } from "../competitor/load.js";
import { trainingStep } from "./mlp.js";
import { modelOf } from "./models.js";
import { floats } from "./prepare.js";

function inputOf({ model, batch }: ModelParameters, { values }: Setting): Tensor {
  if (model === "transformer") return tensor(values.labels(batch * 32, 100, 1), { shape: [batch, 32], dtype: "int32" });
  return floats(values.uniform(batch * 784, 1), model === "convolutional" ? [batch, 1, 28, 28] : [batch, 28, 28]);
}

export const load: Load<ModelParameters> = (parameters, setting) => {
  const x = inputOf(parameters, setting);
  const y = tensor(setting.values.labels(parameters.batch, 10, 2), { dtype: "int32" });
  const step = trainingStep(modelOf(parameters, setting), setting);
  return {
    run: () => step(x, y),
    check: () => (parameters.dropout === undefined ? [step(x, y).item(), step(x, y).item(), step(x, y).item()] : []),
  };
};
