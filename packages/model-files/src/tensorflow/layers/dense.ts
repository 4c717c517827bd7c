import { Conv2d, Embedding, Linear } from "@nn/layers";
import { indexSelect, tensor } from "@nn/tensor";
import { LayerProblem } from "../config.js";
import { onlyInput, type Converter } from "../layer.js";
import { activationFor } from "./activations.js";

/** Features along the last axis; those of an image are its channels, which a convolution of size 1 maps. */
const dense: Converter = (layer) => {
  const input = onlyInput(layer);
  const given = layer.weight("kernel");
  const kernel = input.order === undefined ? given : indexSelect(given, tensor([...input.order], { dtype: "int32" }), 0);
  const [inputs = 0, outputs = 0] = kernel.shape;
  if (input.shape.at(-1) !== inputs) throw new LayerProblem(`its kernel takes ${inputs} features, but its input has ${input.shape.at(-1) ?? "an unknown number"}`);
  const bias = layer.config.boolean("use_bias", true);
  const isImage = input.shape.length === 3;
  const map = isImage ? new Conv2d(inputs, outputs, 1, { bias }) : new Linear(inputs, outputs, { bias });
  const weight = kernel.transpose();
  map.loadStateDict({ weight: isImage ? weight.reshape([outputs, inputs, 1, 1]) : weight, ...(bias ? { bias: layer.weight("bias") } : {}) });
  const value = { shape: [...input.shape.slice(0, -1), outputs] };
  return { modules: [map, ...activationFor(layer.config.raw("activation"), value)], value };
};

const embedding: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  layer.config.requireDefault("mask_zero", false);
  const table = layer.weight("embeddings");
  const [count = 0, features = 0] = table.shape;
  const result = new Embedding(count, features);
  result.loadStateDict({ weight: table });
  return { modules: [result], value: { shape: [...shape, features] } };
};

export const denseLayers: Readonly<Record<string, Converter>> = { Dense: dense, Embedding: embedding };
