import { exp, maximum, mean, rsqrt, softmax, variance, type Tensor } from "@nn/tensor";
import type { ElementwiseParameters, Load } from "../competitor/load.js";
import { floats, onState } from "./prepare.js";

const operations: { readonly [Name in ElementwiseParameters["operation"]]: (x: Tensor) => Tensor } = {
  exp: (x) => exp(x),
  softmax: (x) => softmax(x, -1),
  layerNorm: (x) => {
    const along = { keepAxes: true };
    return x.sub(mean(x, -1, along)).mul(rsqrt(variance(x, -1, { ...along, correction: 0 }).add(1e-5)));
  },
  fused: (x) => maximum(x.mul(0.5).add(0.25), x.mul(0.125)),
};

export const load: Load<ElementwiseParameters> = ({ operation, rows, columns }, setting) => {
  const x = floats(setting.values.uniform(rows * columns, 1), [rows, columns]);
  const { run, result } = onState((...[input]) => operations[operation](input as Tensor), [x], setting);
  return { run, check: () => (run(), [result().abs().mean().item()]) };
};
