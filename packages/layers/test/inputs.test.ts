import { tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import * as nn from "../src/index.js";

// Inputs of wrong kinds: every layer throws an error of the library, never a raw JavaScript error, and never returns numbers.

const layers: readonly nn.Module[] = [
  new nn.AdaptiveAvgPool2d(2), new nn.AdaptiveLogSoftmaxWithLoss(4, 8, [2, 5]), new nn.AdaptiveMaxPool2d(2), new nn.AlphaDropout(), new nn.AvgPool2d(2), new nn.BatchNorm2d(3),
  new nn.Bilinear(3, 3, 2), new nn.CELU(), new nn.ChannelShuffle(3), new nn.CircularPad2d(1), new nn.Concat([new nn.Linear(3, 2)]), new nn.ConstantPad2d(1, 2), new nn.Conv2d(3, 2, 3),
  new nn.ConvTranspose2d(3, 2, 3), new nn.CosineSimilarity(), new nn.DepthwiseConv2d(3, 3), new nn.Dropout(), new nn.Dropout2d(), new nn.ELU(), new nn.Embedding(4, 2),
  new nn.Embedding(4, 2, { maxNorm: 1 }), new nn.EmbeddingBag(4, 2), new nn.FeatureAlphaDropout(), new nn.Flatten(), new nn.Fold(4, 2), new nn.GELU(), new nn.GLU(), new nn.GRU(3, 2),
  new nn.GRUCell(3, 2), new nn.GaussianNoise(1), new nn.GlobalAvgPool(), new nn.GlobalMaxPool(), new nn.GroupNorm(1, 3), new nn.Hardshrink(), new nn.Hardsigmoid(), new nn.Hardswish(),
  new nn.Hardtanh(), new nn.InstanceNorm2d(3), new nn.LSTM(3, 2), new nn.LSTMCell(3, 2), new nn.LayerNorm(3), new nn.LeakyReLU(), new nn.LearnedPositionalEncoding(8, 4), new nn.Linear(3, 2),
  new nn.LocalResponseNorm(3), new nn.LogSigmoid(), new nn.LogSoftmax(), new nn.LpPool2d(2, 2), new nn.MaxPool2d(2), new nn.MaxUnpool2d(2), new nn.Maxout(3), new nn.Mish(),
  new nn.MultiheadAttention(4, 2), new nn.PReLU(), new nn.PReLU(3), new nn.PairwiseDistance(), new nn.Parallel([new nn.Linear(3, 2)]), new nn.PixelShuffle(1), new nn.PixelUnshuffle(1),
  new nn.RMSNorm(3), new nn.RNN(3, 2), new nn.RNNCell(3, 2), new nn.RReLU(), new nn.ReLU(), new nn.ReLU6(), new nn.ReflectionPad2d(1), new nn.Residual(new nn.Linear(3, 3)),
  new nn.RotaryPositionalEncoding(4), new nn.SELU(), new nn.SeparableConv2d(3, 2, 3), new nn.SequenceClassifier(3, 2), new nn.Sequential(new nn.Linear(3, 2)), new nn.SiLU(), new nn.Sigmoid(),
  new nn.SinusoidalPositionalEncoding(4), new nn.Softmax(), new nn.Softmax2d(), new nn.Softmin(), new nn.Softplus(), new nn.Softshrink(), new nn.Softsign(), new nn.SqueezeExcitation(3, 2),
  new nn.Step(), new nn.StochasticDepth(0.5), new nn.Tanh(), new nn.Tanhshrink(), new nn.Threshold(0, 1), new nn.Transformer(4, 2, { encoderLayers: 1, decoderLayers: 1, feedForward: 4 }),
  new nn.TransformerDecoder([new nn.TransformerDecoderLayer(4, 2, { feedForward: 4 })]), new nn.TransformerDecoderLayer(4, 2, { feedForward: 4 }),
  new nn.TransformerEncoder([new nn.TransformerEncoderLayer(4, 2, { feedForward: 4 })]), new nn.TransformerEncoderLayer(4, 2, { feedForward: 4 }), new nn.Unflatten(1, [3, 1]), new nn.Unfold(2),
  new nn.Upsample({ scale: 2 }),
];

const wrong: readonly unknown[] = [undefined, null, true, 3, "text", [1, 2], {}, () => 1, Symbol("s"), 10n, new Float32Array(3), new Variable(tensor([1, 2, 3])), new Map()];

test.each(layers.flatMap((layer) => [[layer.constructor.name, layer] as const, [`${layer.constructor.name} in evaluation`, layer] as const]))("%s", (name, layer) => {
  layer.train(!name.endsWith("evaluation"));
  const forward = layer.forward.bind(layer) as (...inputs: readonly unknown[]) => unknown;
  for (const value of wrong) {
    let error: unknown;
    try {
      forward(value, value);
    } catch (caught) {
      error = caught;
    }
    expect([typeof value, error instanceof Error ? error.name : error]).toEqual([typeof value, expect.stringMatching(/^(UsageError|ArgumentError|ShapeError|DTypeError)$/)]);
  }
});
