import { mobilenetV2 } from "@nn/models";
import type { Tensor } from "@nn/tensor";
import type { ImageParameters, Load } from "../competitor/load.js";
import { initialize } from "./initial.js";
import { floats, prepare } from "./prepare.js";

export const load: Load<ImageParameters> = ({ size }, setting) => {
  const model = initialize(mobilenetV2().eval(), setting);
  const x = floats(setting.values.uniform(3 * size ** 2, 1), [1, 3, size, size]);
  const predict = prepare((image: Tensor) => model.forward(image), setting);
  return { run: () => predict(x), check: () => [predict(x).abs().sum().item()] };
};
