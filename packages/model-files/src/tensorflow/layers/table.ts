import type { Converter } from "../layer.js";
import { activationLayers } from "./activations.js";
import { convolutionLayers } from "./convolutions.js";
import { denseLayers } from "./dense.js";
import { mergingLayers } from "./merging.js";
import { normalizationLayers } from "./normalization.js";
import { poolingLayers } from "./pooling.js";
import { recurrentLayers } from "./recurrent.js";
import { shapeLayers } from "./shapes.js";
import { wrapperLayers } from "./wrappers.js";

/** How each kind of layer is converted, by the names of its class in TensorFlow.js. Inputs and models that are layers are not among them. */
export const converters: Readonly<Record<string, Converter>> = {
  ...activationLayers, ...convolutionLayers, ...denseLayers, ...mergingLayers, ...normalizationLayers, ...poolingLayers, ...recurrentLayers, ...shapeLayers, ...wrapperLayers,
};
