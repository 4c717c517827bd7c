import { activationFunctions, activationLayers } from "./activations.js";
import { contractions, distances } from "./contraction.js";
import { creation } from "./creation.js";
import { attention } from "./attention.js";
import { binaryOperations, ternaryOperations, unaryOperations } from "./elementwise.js";
import { reading, writing } from "./indexing.js";
import { functionalEntries, layerEntries } from "./layers.js";
import { initializers } from "./initializers.js";
import { joining, movement } from "./movement.js";
import { counting, reductions, scans, sorting } from "./reduction.js";
import { resizing } from "./resizing.js";
import { positions } from "./positions.js";
import { recurrentLayers } from "./recurrent.js";
import { sequenceLayers } from "./sequences.js";
import { spatial } from "./spatial.js";
import { transformers } from "./transformers.js";
import type { Entries } from "./trial.js";

/** Configurations of every operation of `@nn/tensor`. */
export const tensorEntries: Entries = {
  ...creation, ...unaryOperations, ...binaryOperations, ...ternaryOperations, ...activationFunctions, ...functionalEntries, ...reductions, ...scans, ...sorting, ...counting, ...movement, ...joining,
  ...reading, ...writing, ...contractions, ...distances, ...spatial, ...resizing,
};

/** Configurations of every layer. */
export const allLayerEntries: Entries = { ...activationLayers, ...layerEntries, ...recurrentLayers, ...attention, ...transformers, ...positions, ...sequenceLayers, ...initializers };
