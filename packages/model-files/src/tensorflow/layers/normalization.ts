import { BatchNorm1d, BatchNorm2d, BatchNorm3d, LayerNorm } from "@nn/layers";
import { indexSelect, ones, tensor, zeros, type Tensor } from "@nn/tensor";
import { LayerProblem } from "../config.js";
import { onlyInput, sizeOf, type Converter } from "../layer.js";
import { ChannelsLast, SwapSteps } from "../modules/layout.js";

/** Scale and shift are learned together or not at all here, so a missing one is frozen at 1 or 0. The momentum is that of the newest batch here, and that of the old value there. */
const batchNormalization: Converter = (layer) => {
  const input = onlyInput(layer);
  const { config } = layer;
  const last = input.shape.length;
  config.requireDefault("axis", -1, last, [last], [-1]);
  const features = sizeOf(input.shape.slice(-1));
  const [scale, center] = [config.boolean("scale", true), config.boolean("center", true)];
  const options = { epsilon: config.number("epsilon", 0.001), momentum: 1 - config.number("momentum", 0.99), affine: scale || center };
  const Norm = last === 4 ? BatchNorm3d : last === 3 ? BatchNorm2d : BatchNorm1d;
  const norm = new Norm(features, options);
  const inOrder = (values: Tensor): Tensor => (input.order === undefined ? values : indexSelect(values, tensor([...input.order], { dtype: "int32" }), 0));
  norm.loadStateDict({
    ...(scale || center ? { weight: scale ? inOrder(layer.weight("gamma")) : ones([features]), bias: center ? inOrder(layer.weight("beta")) : zeros([features]) } : {}),
    running_mean: inOrder(layer.weight("moving_mean")), running_var: inOrder(layer.weight("moving_variance")), num_batches_tracked: tensor(0, { dtype: "int32" }),
  });
  if (norm.weight !== undefined && norm.bias !== undefined) {
    norm.weight.trainable = scale;
    norm.bias.trainable = center;
  }
  return { modules: last === 2 ? [new SwapSteps(), norm, new SwapSteps()] : [norm], value: input };
};

/** Over the last axes in TensorFlow.js, which are last only for the layer if they are images or volumes. */
const layerNormalization: Converter = (layer) => {
  const input = onlyInput(layer);
  const { config } = layer;
  const rank = input.shape.length;
  const given: readonly unknown[] = [config.raw("axis") ?? -1].flat();
  const axes = given.map((axis) => (Number.isSafeInteger(axis) ? ((axis as number) + rank + 1) % (rank + 1) : 0)).toSorted((a, b) => a - b);
  if (axes.some((axis, at) => axis !== rank + 1 - axes.length + at) || axes[0] === 0) throw new LayerProblem(`axis ${JSON.stringify(config.raw("axis"))} is not supported, expected the last ones`);
  const [scale, center] = [config.boolean("scale", true), config.boolean("center", true)];
  const features = input.shape.slice(-axes.length).map((size) => sizeOf([size]));
  const norm = new LayerNorm(features, { epsilon: config.number("epsilon", 0.001) });
  norm.loadStateDict({ weight: scale ? layer.weight("gamma") : ones(features), bias: center ? layer.weight("beta") : zeros(features) });
  if (norm.weight !== undefined && norm.bias !== undefined) {
    norm.weight.trainable = scale;
    norm.bias.trainable = center;
  }
  return { modules: [rank >= 3 ? new ChannelsLast(norm) : norm], value: input };
};

export const normalizationLayers: Readonly<Record<string, Converter>> = { BatchNormalization: batchNormalization, LayerNormalization: layerNormalization };
