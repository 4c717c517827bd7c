import { normal, ones, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import * as nn from "../src/index.js";

// Plain JavaScript may pass options by position, misspelt, or of a wrong kind. All are refused by name, with the nearest option.

const exported = new Map<string, unknown>(Object.entries(nn));

function make(name: keyof typeof nn, ...given: readonly unknown[]): unknown {
  const found = exported.get(name);
  if (typeof found !== "function") throw new Error(`${name} is no class`);
  return Reflect.construct(found, given);
}

const wrong: readonly (readonly [call: string, () => unknown])[] = [
  ["Linear(2, 3, false)", () => make("Linear", 2, 3, false)],
  ["Linear(2, 3, null)", () => make("Linear", 2, 3, null)],
  ["Linear('2', 3)", () => make("Linear", "2", 3)],
  ["Linear({ inFeatures: 2 })", () => make("Linear", { inFeatures: 2, outFeatures: 3 })],
  ["Linear(2, 3, { bais: false })", () => make("Linear", 2, 3, { bais: false })],
  ["Linear(2, 3, { bias: 0 })", () => make("Linear", 2, 3, { bias: 0 })],
  ["Linear(2, 3, { dtype: 'float16' })", () => make("Linear", 2, 3, { dtype: "float16" })],
  ["Linear(2, 3, { generator: 1 })", () => make("Linear", 2, 3, { generator: 1 })],
  ["Linear(2, 3, { initializeWeight: 'zeros' })", () => make("Linear", 2, 3, { initializeWeight: "zeros" })],
  ["Linear with an initializer of another shape", () => make("Linear", 2, 3, { initializeWeight: () => zeros([2, 3]) })],
  ["Linear with an initializer of another dtype", () => make("Linear", 2, 3, { initializeWeight: () => zeros([3, 2], { dtype: "float64" }) })],
  ["Linear with an initializer of numbers", () => make("Linear", 2, 3, { initializeBias: () => 0 })],
  ["Conv2d(1, 2, 3, 1, 1)", () => make("Conv2d", 1, 2, 3, 1, 1)],
  ["Conv2d(1, 2, 3, { strides: 2 })", () => make("Conv2d", 1, 2, 3, { strides: 2 })],
  ["Conv2d(1, 2, 3, { groups: 0 })", () => make("Conv2d", 1, 2, 3, { groups: 0 })],
  ["Conv2d(1, 2, 3, { padding_mode: 'reflect' })", () => make("Conv2d", 1, 2, 3, { padding_mode: "reflect" })],
  ["ConvTranspose2d(1, 2, 3, { paddingMode: 'zeros' })", () => make("ConvTranspose2d", 1, 2, 3, { paddingMode: "zeros" })],
  ["DepthwiseConv2d(2, 3, { groups: 2 })", () => make("DepthwiseConv2d", 2, 3, { groups: 2 })],
  ["SeparableConv1d(2, 3, 3, { multipler: 2 })", () => make("SeparableConv1d", 2, 3, 3, { multipler: 2 })],
  ["LSTM(2, 3, { numLayers: 2 })", () => make("LSTM", 2, 3, { numLayers: 2 })],
  ["LSTM(2, 3, 2)", () => make("LSTM", 2, 3, 2)],
  ["LSTM(2, 3, { projectionSize: 3 })", () => make("LSTM", 2, 3, { projectionSize: 3 })],
  ["GRU(2, 3, { layers: 0 })", () => make("GRU", 2, 3, { layers: 0 })],
  ["RNN(2, 3, { nonlinearity: 'sigmoid' })", () => make("RNN", 2, 3, { nonlinearity: "sigmoid" })],
  ["GRUCell(2, 3, { biases: false })", () => make("GRUCell", 2, 3, { biases: false })],
  ["BatchNorm1d(3, { epsilon: -1 })", () => make("BatchNorm1d", 3, { epsilon: -1 })],
  ["BatchNorm2d(3, 1e-5)", () => make("BatchNorm2d", 3, 1e-5)],
  ["BatchNorm2d(3, { eps: 1e-5 })", () => make("BatchNorm2d", 3, { eps: 1e-5 })],
  ["InstanceNorm1d(3, { momentum: null })", () => make("InstanceNorm1d", 3, { momentum: null })],
  ["GroupNorm(2, 4, { epsilon: NaN })", () => make("GroupNorm", 2, 4, { epsilon: NaN })],
  ["LayerNorm(4, 1e-5)", () => make("LayerNorm", 4, 1e-5)],
  ["LayerNorm('4')", () => make("LayerNorm", "4")],
  ["RMSNorm(4, { elementwiseAffine: true })", () => make("RMSNorm", 4, { elementwiseAffine: true })],
  ["MaxPool2d(2, 2)", () => make("MaxPool2d", 2, 2)],
  ["MaxPool2d(2, { returnIndices: true })", () => make("MaxPool2d", 2, { returnIndices: true })],
  ["AvgPool2d(2, { stride: 0 })", () => make("AvgPool2d", 2, { stride: 0 })],
  ["AdaptiveAvgPool2d({ size: 2 })", () => make("AdaptiveAvgPool2d", { size: 2 })],
  ["GlobalAvgPool(true)", () => make("GlobalAvgPool", true)],
  ["ZeroPad2d('1')", () => make("ZeroPad2d", "1")],
  ["ConstantPad1d(1)", () => make("ConstantPad1d", 1)],
  ["Embedding(10, 3, 0)", () => make("Embedding", 10, 3, 0)],
  ["Embedding(10, 3, { max_norm: 1 })", () => make("Embedding", 10, 3, { max_norm: 1 })],
  ["EmbeddingBag(10, 3, { mode: 'average' })", () => make("EmbeddingBag", 10, 3, { mode: "average" })],
  ["Dropout('0.5')", () => make("Dropout", "0.5")],
  ["Dropout(0.5, true)", () => make("Dropout", 0.5, true)],
  ["StochasticDepth(0.5, 'row')", () => make("StochasticDepth", 0.5, "row")],
  ["Upsample(2)", () => make("Upsample", 2)],
  ["Upsample()", () => make("Upsample")],
  ["Upsample({ scale: 2, mode: 'linearly' })", () => make("Upsample", { scale: 2, mode: "linearly" })],
  ["Upsample({ size: 2, recomputeScale: true })", () => make("Upsample", { size: 2, recomputeScale: true })],
  ["Flatten(1)", () => make("Flatten", 1)],
  ["Unflatten(1, 4)", () => make("Unflatten", 1, 4)],
  ["Transformer(8, 2, 1)", () => make("Transformer", 8, 2, 1)],
  ["Transformer(8, 2, { numEncoderLayers: 1 })", () => make("Transformer", 8, 2, { numEncoderLayers: 1 })],
  ["TransformerEncoderLayer(8, 2, { feedforward: 8 })", () => make("TransformerEncoderLayer", 8, 2, { dimFeedforward: 8 })],
  ["TransformerEncoder(layer, 2)", () => make("TransformerEncoder", make("TransformerEncoderLayer", 4, 2, { feedForward: 4 }), 2)],
  ["TransformerEncoder([Linear])", () => make("TransformerEncoder", [make("Linear", 2, 2)])],
  ["Sequential([Linear])", () => make("Sequential", [make("Linear", 2, 2)])],
  ["Sequential({ forward })", () => make("Sequential", { forward: (x: Tensor) => x })],
  ["Residual(function)", () => make("Residual", (x: Tensor) => x)],
  ["Concat([Linear], 1)", () => make("Concat", [make("Linear", 2, 2)], 1)],
  ["SequenceClassifier(4, 2, { pool: 'mean' })", () => make("SequenceClassifier", 4, 2, { pool: "mean" })],
  ["CosineSimilarity({ dim: 1 })", () => make("CosineSimilarity", { dim: 1 })],
  ["kaimingUniform with a misspelt option", () => nn.kaimingUniform([2, 2], { nonlinearty: "relu" } as never)],
  ["kaimingNormal with a mode of PyTorch", () => nn.kaimingNormal([2, 2], { mode: "fan_in" } as never)],
  ["xavierNormal by position", () => nn.xavierNormal([2, 2], 2 as never)],
  ["calculateGain of a name of PyTorch", () => nn.calculateGain("leaky_relu" as never)],
  ["sparse without options", () => nn.sparse([2, 2], undefined as never)],
  ["spectralNorm with a name of PyTorch", () => nn.spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 2 } as never)],
  ["weightNorm of no module", () => nn.weightNorm({} as never)],
  ["train of a word", () => new nn.ReLU().train("eval" as never)],
  ["apply of no function", () => new nn.ReLU().apply("init" as never)],
  ["at of a name", () => new nn.Sequential(new nn.ReLU()).at("0" as never)],
  ["loadStateDict by position", () => new nn.Linear(2, 2).loadStateDict({}, false as never)],
  ["loadStateDict of a Map", () => new nn.Linear(2, 2).loadStateDict(new Map() as never)],
  ["loadStateDict of values that are not tensors", () => new nn.Linear(1, 1).loadStateDict({ weight: { shape: "x" }, bias: null } as never)],
  ["Parameter({ trainable: 'no' })", () => new nn.Parameter(ones([1]), { trainable: "no" as never })],
];

test.each(wrong)("%s", (_, call) => {
  expect(call).toThrowErrorMatchingSnapshot();
});

test.each<readonly [call: string, meant: string, () => unknown]>([
  ["Conv2d: paddingMode", "reflect", () => make("Conv2d", 1, 1, 3, { paddingMode: "reflected" })],
  ["Conv2d: padding", "same", () => make("Conv2d", 1, 1, 3, { padding: "Same" })],
  ["MaxPool2d: padding", "valid", () => make("MaxPool2d", 2, { padding: "vaild" })],
  ["Upsample: mode", "bilinear", () => make("Upsample", { scale: 2, mode: "bi-linear" })],
  ["EmbeddingBag: mode", "sum", () => make("EmbeddingBag", 4, 2, { mode: "sums" })],
  ["StochasticDepth: mode", "batch", () => make("StochasticDepth", 0.5, { mode: "bacth" })],
  ["GELU: approximate", "tanh", () => make("GELU", { approximate: "tahn" })],
  ["RNN: nonlinearity", "relu", () => make("RNN", 2, 2, { nonlinearity: "ReLU" })],
  ["RNNCell: nonlinearity", "tanh", () => make("RNNCell", 2, 2, { nonlinearity: "Tanh" })],
  ["TransformerEncoderLayer: activation", "gelu", () => make("TransformerEncoderLayer", 4, 2, { activation: "GELU" })],
  ["RotaryPositionalEncoding: pairs", "neighbours", () => make("RotaryPositionalEncoding", 4, { pairs: "neighbors" })],
  ["MultiheadAttention: weights", "perHead", () => new nn.MultiheadAttention(4, 2).forward(zeros([1, 4]), zeros([1, 4]), zeros([1, 4]), { weights: "per_head" as never })],
  ["SequenceClassifier: pooling", "mean", () => make("SequenceClassifier", 4, 2, { pooling: "means" })],
  ["kaimingNormal: mode", "fanOut", () => nn.kaimingNormal([2, 2], { mode: "fan_out" as never })],
  ["calculateGain", "leakyRelu", () => nn.calculateGain("leakyReLU" as never)],
  ["Linear: dtype", "float32", () => make("Linear", 2, 2, { dtype: "Float32" })],
])("%s, misspelt, is refused with the nearest value", (_, meant, call) => {
  expect(call).toThrow(`; did you mean "${meant}"?`);
});

test("a weight that does not fit into memory is refused with a clear error", () => {
  for (const call of [() => new nn.Linear(1e6, 1e6), () => new nn.Embedding(1e9, 1e5), () => new nn.Conv2d(1e6, 1e6, 9), () => new nn.LSTM(1e6, 1e6), () => new nn.BatchNorm1d(1e13)]) {
    expect(call).toThrow(/^(Linear|Embedding|Conv2d|LSTM|BatchNorm1d): (weight|weightIh) \[[\d, ]+\] cannot be made: /);
  }
});

describe("options of calls", () => {
  const x = normal([5, 2, 4]);
  const calls: readonly (readonly [string, () => unknown])[] = [
    ["LSTM: a state by position", () => new nn.LSTM(4, 3).forward(x, zeros([1, 2, 3]) as never)],
    ["LSTM: a state of PyTorch's name", () => new nn.LSTM(4, 3).forward(x, { h0: zeros([1, 2, 3]) } as never)],
    ["GRU: a state that is not a tensor", () => new nn.GRU(4, 3).forward(x, { hidden: [0] as never })],
    ["LSTMCell: a pair", () => new nn.LSTMCell(4, 3).forward(zeros([2, 4]), [zeros([2, 3]), zeros([2, 3])] as never)],
    ["EmbeddingBag: offsets by position", () => new nn.EmbeddingBag(4, 3).forward(tensor([1, 2], { dtype: "int32" }), tensor([0], { dtype: "int32" }) as never)],
    ["TransformerDecoderLayer: a name of PyTorch", () => new nn.TransformerDecoderLayer(4, 2, { feedForward: 4 }).forward(x, x, { tgtMask: zeros([5, 5]) } as never)],
    ["TransformerEncoder: a cache for a stack", () => new nn.TransformerEncoder([]).forward(x, { cache: 1 } as never)],
    ["Transformer: a mask by position", () => new nn.Transformer(4, 2, { encoderLayers: 1, decoderLayers: 1, feedForward: 4 }).forward(x, x, zeros([5, 5]) as never)],
    ["SinusoidalPositionalEncoding: a position by position", () => new nn.SinusoidalPositionalEncoding(4).forward(x, 3 as never)],
    ["SequenceClassifier: a misspelt length", () => new nn.SequenceClassifier(4, 2).forward(x, { length: [1, 2] } as never)],
    ["scaledDotProductAttention: a name of PyTorch", () => nn.scaledDotProductAttention(x, x, x, { isCausal: true } as never)],
    ["an input that is not a tensor", () => new nn.Conv1d(4, 3, 1).forward([1, 2] as never)],
    ["a parameter as the input", () => new nn.BatchNorm1d(4).forward(new nn.Parameter(zeros([2, 4])) as never)],
  ];

  test.each(calls)("%s", (_, call) => {
    expect(call).toThrowErrorMatchingSnapshot();
  });

  test("a result can be passed to the next call unchanged", () => {
    const rnn = new nn.RNN(4, 3);
    expect(rnn.forward(x, rnn.forward(x)).hidden.shape).toEqual([1, 2, 3]);
  });
});
