import { Conv2d, Conv3d, Embedding, Linear } from "@nn/layers";
import { indexSelect, tensor } from "@nn/tensor";
import { LayerProblem } from "../config.js";
import { describeShape, onlyInput, type Converter } from "../layer.js";
import { StepMask } from "../modules/elementwise.js";
import { ChannelsLast } from "../modules/layout.js";
import { activationFor } from "./activations.js";

/** Features along the last axis; those of images and volumes are their channels, which a convolution of size 1 maps. */
const dense: Converter = (layer) => {
  const input = onlyInput(layer);
  const given = layer.weight("kernel");
  const kernel = input.order === undefined ? given : indexSelect(given, tensor([...input.order], { dtype: "int32" }), 0);
  const [inputs = 0, outputs = 0] = kernel.shape;
  if (input.shape.at(-1) !== inputs) throw new LayerProblem(`its kernel takes ${inputs} features, but its input has ${input.shape.at(-1) ?? "an unknown number"}`);
  const bias = layer.config.boolean("use_bias", true);
  if (input.shape.length > 4) throw new LayerProblem(`its input is ${describeShape(input.shape)}, expected at most four axes`);
  const Map = input.shape.length === 4 ? Conv3d : Conv2d;
  const map = input.shape.length > 2 ? new Map(inputs, outputs, 1, { bias }) : new Linear(inputs, outputs, { bias });
  map.loadStateDict({ weight: kernel.transpose().reshape(map.weight.shape), ...(bias ? { bias: layer.weight("bias") } : {}) });
  const value = { shape: [...input.shape.slice(0, -1), outputs] };
  return { modules: [map, ...activationFor(layer.config.raw("activation"), value)], value };
};

/** Features of images and volumes of indices are channels, which come first here. */
const embedding: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const table = layer.weight("embeddings");
  const [count = 0, features = 0] = table.shape;
  const result = new Embedding(count, features);
  result.loadStateDict({ weight: table });
  const converted = { modules: [shape.length < 2 ? result : new ChannelsLast(result)], value: { shape: [...shape, features] } };
  if (!layer.config.boolean("mask_zero", false)) return converted;
  if (shape.length !== 1) throw new LayerProblem(`its input is ${describeShape(shape)}, expected [steps] with mask_zero`);
  return { ...converted, mask: new StepMask(0) };
};

export const denseLayers: Readonly<Record<string, Converter>> = { Dense: dense, Embedding: embedding };
