/** Layers that hand the mask of their input on, as in TensorFlow.js; recurrent layers do if they return all steps. At all others it ends. */
export const keepMasks: ReadonlySet<string> = new Set([
  "Activation", "AlphaDropout", "BatchNormalization", "Dense", "Dropout", "GaussianDropout", "GaussianNoise", "LayerNormalization", "PReLU", "ReLU", "SpatialDropout1D", "TimeDistributed",
]);
