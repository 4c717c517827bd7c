import { checkGradients } from "@nn/autograd";
import { Generator, normal, permute, slice, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { MultiheadAttention, paddingMask, RotaryPositionalEncoding, type MultiheadAttentionOptions } from "../../src/index.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const create = (options: MultiheadAttentionOptions = {}): MultiheadAttention =>
  new MultiheadAttention(8, 2, { dtype: "float64", batchFirst: true, generator: new Generator(1), ...options });

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const wanted = b.toTypedArray();
  a.toTypedArray().forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 12));
}

test("padded sequences give the results of each sequence alone", () => {
  const attention = create();
  const x = random([2, 5, 8], 2);
  const lengths = [5, 3];
  const { output } = attention.forward(x, x, x, { keyPaddingMask: paddingMask(lengths, 5) });
  lengths.forEach((length, at) => {
    const range = [{ start: at, stop: at + 1 }, { stop: length }];
    expectClose(slice(output, range), attention.forward(slice(x, range)).output);
  });
});

test("causal: no output depends on a later input", () => {
  const attention = create({ rotary: new RotaryPositionalEncoding(4, { dtype: "float64" }) });
  const x = random([1, 6, 8], 3);
  const changed = x.add(tensor([0, 0, 0, 0, 1, 1], { dtype: "float64" }).reshape([6, 1]));
  const [a, b] = [x, changed].map((input) => attention.forward(input, input, input, { causal: true }).output) as [Tensor, Tensor];
  const first = [{}, { stop: 4 }];
  expect(slice(a, first).toArray()).toEqual(slice(b, first).toArray());
  expect(slice(a, [{}, 4]).toArray()).not.toEqual(slice(b, [{}, 4]).toArray());
});

test("self-attention in one product equals attention with separate, equal keys and values", () => {
  const attention = create();
  const x = random([2, 4, 8], 4);
  expectClose(attention.forward(x).output, attention.forward(x, x.detach(), x.detach()).output);
});

test("layouts differ only in the order of the axes", () => {
  const [first, second] = [create(), create({ batchFirst: false })];
  second.loadStateDict(first.stateDict());
  const x = random([2, 4, 8], 5);
  expectClose(permute(second.forward(permute(x, [1, 0, 2])).output, [1, 0, 2]), first.forward(x).output);
  const alone = slice(x, [0]);
  expectClose(first.forward(alone).output, slice(first.forward(x).output, [0]));
});

test("returned weights are those of the values: rows add up to 1, per head and averaged", () => {
  const attention = create();
  const x = random([2, 4, 8], 6);
  const perHead = attention.forward(x, x, x, { weights: "perHead" }).weights as Tensor;
  const average = attention.forward(x, x, x, { weights: "average" }).weights as Tensor;
  expect(perHead.shape).toEqual([2, 2, 4, 4]);
  expectClose(perHead.mean(1), average);
  sum(average, -1).toTypedArray().forEach((total) => expect(total).toBeCloseTo(1, 12));
  expect(attention.forward(x).weights).toBeUndefined();
});

test("gradients agree with central differences", () => {
  const attention = create({ keyFeatures: 3, valueFeatures: 5, rotary: new RotaryPositionalEncoding(4, { dtype: "float64", pairs: "halves" }) });
  const mask = tensor([[false, true, false], [false, false, true]]);
  const run = (query: Tensor, key: Tensor, value: Tensor): Tensor => attention.forward(query, key, value, { mask }).output;
  expect(() => checkGradients(run, [random([2, 2, 8], 7), random([2, 3, 3], 8), random([2, 3, 5], 9)])).not.toThrow();
  const self = create();
  expect(() => checkGradients((x) => self.forward(x).output, [random([1, 3, 8], 10)])).not.toThrow();
});

test("dropout drops weights in training only", () => {
  const attention = create({ dropout: 0.5 });
  const x = random([1, 6, 8], 11);
  const once = attention.forward(x, x, x, { weights: "perHead" }).weights as Tensor;
  expect([...once.toTypedArray()].filter((weight) => weight === 0).length).toBeGreaterThan(0);
  attention.eval();
  expect(attention.forward(x).output.toArray()).toEqual(attention.forward(x).output.toArray());
});

test("names and initial values are PyTorch's", () => {
  expect(Object.keys(create().stateDict())).toEqual(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]);
  const other = create({ keyFeatures: 3 });
  expect(Object.keys(other.stateDict())).toEqual(["q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]);
  expect(other.outProj.bias?.value.toArray()).toEqual(new Array(8).fill(0));
  expect(Object.keys(create({ bias: false }).stateDict())).toEqual(["in_proj_weight", "out_proj.weight"]);
});

test("errors", () => {
  const attention = new MultiheadAttention(8, 2);
  const x = zeros([3, 2, 8]);
  expect(() => new MultiheadAttention(8, 3)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: 8 features cannot be divided among 3 heads]`);
  expect(() => new MultiheadAttention(8, 2, { rotary: new RotaryPositionalEncoding(8) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: rotary is for size 8, expected 4, the features of a head]`);
  expect(() => attention.forward(zeros([3, 2, 6]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: MultiheadAttention: query is [3, 2, 6], expected [steps, N, 8], or [steps, 8] without a batch]`);
  expect(() => attention.forward(x, zeros([3, 1, 8]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: MultiheadAttention: query, key and value are [3, 2, 8], [3, 1, 8], [3, 1, 8], expected the same batch, the second axis]`);
  expect(() => attention.forward(x, zeros([4, 2, 8]), zeros([5, 2, 8]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: MultiheadAttention: query, key and value are [3, 2, 8], [4, 2, 8], [5, 2, 8], expected as many values as keys]`);
  expect(() => attention.forward(x, x, x, { mask: zeros([3, 4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: MultiheadAttention: mask is [3, 4], expected [3, 3] or [4, 3, 3]]`);
  expect(() => attention.forward(x, x, x, { keyPaddingMask: zeros([3, 2]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: MultiheadAttention: keyPaddingMask is [3, 2], expected [2, 3]]`);
  expect(() => attention.forward(x, x, x, { mask: zeros([3, 3], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: MultiheadAttention: mask has dtype int32, expected bool, or a float that is added]`);
});
