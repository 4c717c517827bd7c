import { tensor, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import * as nn from "../src/index.js";

// Empty batches and sequences without steps give empty results where PyTorch does.

const i32 = (...shape: number[]): Tensor => zeros(shape, { dtype: "int32" });

const cases: readonly (readonly [call: () => Tensor, shape: readonly number[]])[] = [
  [() => new nn.Linear(3, 2).forward(zeros([0, 3])), [0, 2]],
  [() => new nn.Bilinear(3, 2, 4).forward(zeros([0, 3]), zeros([0, 2])), [0, 4]],
  [() => new nn.Conv1d(3, 2, 3).forward(zeros([0, 3, 5])), [0, 2, 3]],
  [() => new nn.Conv2d(3, 2, 3, { padding: 1, paddingMode: "reflect" }).forward(zeros([0, 3, 5, 5])), [0, 2, 5, 5]],
  [() => new nn.ConvTranspose2d(3, 2, 3).forward(zeros([0, 3, 5, 5])), [0, 2, 7, 7]],
  [() => new nn.MaxPool2d(2).forward(zeros([0, 3, 4, 4])), [0, 3, 2, 2]],
  [() => new nn.AvgPool2d(2).forward(zeros([0, 3, 4, 4])), [0, 3, 2, 2]],
  [() => new nn.LpPool2d(2, 2).forward(zeros([0, 3, 4, 4])), [0, 3, 2, 2]],
  [() => new nn.AdaptiveAvgPool2d(2).forward(zeros([0, 3, 4, 4])), [0, 3, 2, 2]],
  [() => new nn.AdaptiveMaxPool2d(2).forward(zeros([0, 3, 4, 4])), [0, 3, 2, 2]],
  [() => new nn.GlobalAvgPool().forward(zeros([0, 3, 4, 4])), [0, 3]],
  [() => new nn.GlobalMaxPool().forward(zeros([0, 3, 4, 4])), [0, 3]],
  [() => new nn.Unfold(2).forward(zeros([0, 3, 4, 4])), [0, 12, 9]],
  [() => new nn.Fold([3, 3], 2).forward(zeros([0, 12, 4])), [0, 3, 3, 3]],
  [() => new nn.ReflectionPad2d(1).forward(zeros([0, 3, 4, 4])), [0, 3, 6, 6]],
  [() => new nn.Upsample({ scale: 2 }).forward(zeros([0, 3, 4, 4])), [0, 3, 8, 8]],
  [() => new nn.Embedding(3, 2).forward(i32(0)), [0, 2]],
  [() => new nn.Embedding(3, 2, { maxNorm: 1 }).forward(i32(0)), [0, 2]],
  [() => new nn.EmbeddingBag(3, 2).forward(i32(0, 4)), [0, 2]],
  [() => new nn.BatchNorm1d(3).eval().forward(zeros([0, 3])), [0, 3]],
  [() => new nn.LSTM(3, 2).forward(zeros([4, 0, 3])).output, [4, 0, 2]],
  [() => new nn.GRUCell(3, 2).forward(zeros([0, 3])), [0, 2]],
  [() => new nn.MultiheadAttention(4, 2).forward(zeros([3, 0, 4])).output, [3, 0, 4]],
  [() => new nn.MultiheadAttention(4, 2).forward(zeros([0, 2, 4]), zeros([3, 2, 4])).output, [0, 2, 4]],
  [() => new nn.TransformerEncoderLayer(4, 2, { feedForward: 4 }).forward(zeros([3, 0, 4])), [3, 0, 4]],
  [() => new nn.SinusoidalPositionalEncoding(4).forward(zeros([0, 2, 4])), [0, 2, 4]],
  [() => new nn.RotaryPositionalEncoding(4).forward(zeros([0, 4])), [0, 4]],
  [() => new nn.SequenceClassifier(4, 3).forward(zeros([2, 0, 4])), [0, 3]],
  [() => new nn.CosineSimilarity().forward(zeros([0, 4]), zeros([0, 4])), [0]],
  [() => new nn.PairwiseDistance().forward(zeros([0, 4]), zeros([0, 4])), [0]],
  [() => new nn.Dropout().forward(zeros([0, 4])), [0, 4]],
  [() => new nn.AlphaDropout().forward(zeros([0, 4])), [0, 4]],
  [() => new nn.Dropout2d().forward(zeros([0, 3, 2, 2])), [0, 3, 2, 2]],
  [() => new nn.GaussianNoise(1).forward(zeros([0, 4])), [0, 4]],
  [() => new nn.StochasticDepth(0.5).forward(zeros([0, 4])), [0, 4]],
  [() => new nn.SqueezeExcitation(4, 2).forward(zeros([0, 4, 2, 2])), [0, 4, 2, 2]],
  [() => new nn.PixelShuffle(2).forward(zeros([0, 4, 2, 2])), [0, 1, 4, 4]],
  [() => new nn.ChannelShuffle(2).forward(zeros([0, 4, 2, 2])), [0, 4, 2, 2]],
  [() => new nn.Flatten().forward(zeros([0, 4, 2, 2])), [0, 16]],
  [() => new nn.Unflatten(1, [2, -1]).forward(zeros([0, 4])), [0, 2, 2]],
  [() => new nn.Maxout(2).forward(zeros([0, 4])), [0, 2]],
  [() => nn.paddingMask([], 3), [0, 3]],
];

test.each(cases.map(([call, shape]) => [String(call), call, shape] as const))("%s", (_, call, shape) => {
  expect(call().shape).toEqual(shape);
});

test("a linear map without inputs returns its bias", () => {
  const layer = new nn.Linear(0, 2);
  expect(layer.forward(zeros([3, 0])).toArray()).toEqual(new Array(3).fill(layer.bias?.value.toArray()));
  expect(new nn.Linear(3, 0).forward(zeros([2, 3])).shape).toEqual([2, 0]);
});

test("empty axes have no mean and no maximum", () => {
  expect(() => new nn.GlobalAvgPool().forward(zeros([2, 3, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GlobalAvgPool: input [2, 3, 0] has a spatial axis without elements, which have no mean and no maximum]`);
  expect(() => new nn.GlobalMaxPool().forward(zeros([2, 3, 4, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GlobalMaxPool: input [2, 3, 4, 0] has a spatial axis without elements, which have no mean and no maximum]`);
  expect(() => new nn.BatchNorm1d(3).forward(zeros([0, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: BatchNorm1d: input [0, 3] has fewer than two values per channel, whose variance is always 0; train on larger batches, or call eval()]`);
  expect(() => new nn.LSTM(3, 2).forward(zeros([0, 4, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: input [0, 4, 3] has no steps, expected at least one]`);
  expect(() => new nn.SequenceClassifier(4, 3).forward(zeros([0, 2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: SequenceClassifier: input [0, 2, 4] has no steps, expected at least one]`);
});

test("queries without keys give zeros", () => {
  expect(new nn.MultiheadAttention(4, 2).forward(zeros([2, 1, 4]), zeros([0, 1, 4])).output.toArray()).toEqual([[[0, 0, 0, 0]], [[0, 0, 0, 0]]]);
  expect(new nn.Maxout(2).forward(tensor([[NaN, 4, 1, 2]])).toArray()).toEqual([[NaN, 2]]);
});
