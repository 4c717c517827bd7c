import { valueAndGrad } from "@nn/autograd";
import { Linear, ReLU, Sequential, type Parameter } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import type { Tensor } from "@nn/tensor";
import type { Setting } from "../competitor/load.js";
import { floats, prepare } from "./prepare.js";

/** The network with the weights that all competitors start from. */
export function mlp(sizes: readonly number[], { values }: Setting): Sequential {
  const layers = values.dense(sizes).flatMap(({ inputs, outputs, weight, bias }, at) => {
    const layer = new Linear(inputs, outputs);
    layer.weight.value = floats(weight, [outputs, inputs]);
    if (layer.bias !== undefined) layer.bias.value = floats(bias, [outputs]);
    return at < sizes.length - 2 ? [layer, new ReLU()] : [layer];
  });
  return new Sequential(...layers);
}

/** What a step trains. */
export interface Network {
  parameters(): readonly Parameter[];
  forward(x: Tensor): Tensor;
}

/** Forward pass, cross-entropy, backward pass and Adam's update. */
export function trainingStep(model: Network, setting: Setting): (x: Tensor, y: Tensor) => Tensor {
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-3 });
  return prepare((x: Tensor, y: Tensor) => {
    const { value: loss, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return loss;
  }, setting);
}
