import type { Tensor } from "@nn/tensor";
import type { Load, MlpParameters } from "../competitor/load.js";
import { mlp } from "./mlp.js";
import { floats, prepare } from "./prepare.js";

export const load: Load<MlpParameters> = ({ sizes, batch }, setting) => {
  const features = sizes[0] ?? 0;
  const x = floats(setting.values.uniform(batch * features, 1), [batch, features]);
  const model = mlp(sizes, setting);
  const predict = prepare((input: Tensor) => model.forward(input), setting);
  return {
    run: () => predict(x),
    check: () => [predict(x).abs().sum().item()],
  };
};
