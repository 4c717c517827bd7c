import { matmul, type Tensor } from "@nn/tensor";
import type { Load, MatmulParameters } from "../competitor/load.js";
import { floats, onState } from "./prepare.js";

export const load: Load<MatmulParameters> = ({ size }, setting) => {
  const operands = [1, 2].map((seed) => floats(setting.values.uniform(size * size, seed), [size, size]));
  const { run, result } = onState((...[a, b]) => matmul(a as Tensor, b as Tensor), operands, setting);
  return { run, check: () => (run(), [result().abs().mean().item()]) };
};
