import { checkGradients } from "@nn/autograd";
import { arange, Generator, normal, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  MultiheadAttention, RotaryPositionalEncoding, squareSubsequentMask, type AttentionOptions, type KeyValueCache, type MultiheadAttentionOptions,
} from "../../src/index.js";

// Attention with PyTorch's add_bias_kv and add_zero_attn, compared with loops in float64.

type Matrix = readonly (readonly number[])[];

const [features, heads, batch, queries, keys] = [6, 2, 2, 3, 4];
const size = features / heads;

const numbers = (x: Tensor | undefined): number[] => [...(x?.toTypedArray() ?? [])] as number[];
const rows = (x: Tensor): Matrix => x.reshape([-1, x.shape.at(-1) ?? 1]).toArray() as number[][];
const times = (weight: Matrix, x: readonly number[], bias: readonly number[]): number[] =>
  weight.map((row, at) => row.reduce((total, each, column) => total + each * (x[column] ?? NaN), bias[at] ?? 0));

/** The mask by sample, head, query and key: a key is left out, or a number is added. */
type Mask = (sample: number, head: number, query: number, key: number) => number;

/** `[N, L, features]` and `[N, heads, L, keys]`, computed with loops. */
function plainly(layer: MultiheadAttention, query: readonly Matrix[], key: readonly Matrix[], value: readonly Matrix[], mask: Mask, zero: boolean): { output: number[]; weights: number[] } {
  const separate = layer.inProjWeight === undefined;
  const all = separate ? [] : rows(layer.inProjWeight.value);
  const weightOf = (at: number): Matrix => (separate ? rows([layer.qProjWeight, layer.kProjWeight, layer.vProjWeight][at]?.value as Tensor) : all.slice(at * features, (at + 1) * features));
  const biases = numbers(layer.inProjBias?.value);
  const biasOf = (at: number): number[] => biases.slice(at * features, (at + 1) * features);
  const output: number[] = [];
  const weights: number[] = [];
  query.forEach((steps, sample) => {
    const q = steps.map((x) => times(weightOf(0), x, biasOf(0)));
    const k = (key[sample] ?? []).map((x) => times(weightOf(1), x, biasOf(1)));
    const v = (value[sample] ?? []).map((x) => times(weightOf(2), x, biasOf(2)));
    if (layer.biasK !== undefined) k.push(numbers(layer.biasK.value));
    if (layer.biasV !== undefined) v.push(numbers(layer.biasV.value));
    const nothing = new Array<number>(features).fill(0);
    if (zero) [k, v].forEach((each) => each.push(nothing));
    const attended = q.map(() => new Array<number>(features).fill(0));
    for (let head = 0; head < heads; head++) {
      q.forEach((one, at) => {
        const logits = k.map((other, position) => {
          let product = 0;
          for (let feature = head * size; feature < (head + 1) * size; feature++) product += (one[feature] ?? NaN) * (other[feature] ?? NaN);
          return product / Math.sqrt(size) + (position < (key[sample]?.length ?? 0) ? mask(sample, head, at, position) : 0);
        });
        const total = logits.reduce((sum, each) => sum + Math.exp(each), 0);
        logits.forEach((each, position) => {
          const weight = Math.exp(each) / total;
          weights.push(weight);
          for (let feature = head * size; feature < (head + 1) * size; feature++) (attended[at] ?? [])[feature] = (attended[at]?.[feature] ?? NaN) + weight * (v[position]?.[feature] ?? NaN);
        });
      });
    }
    // The loops above compute weights by head, then query, for each sample.
    attended.forEach((each) => output.push(...times(rows(layer.outProj.weight.value), each, numbers(layer.outProj.bias?.value))));
  });
  return { output, weights };
}

const random = new Generator(7);
const draw = (...shape: number[]): Tensor => normal(shape, { dtype: "float64", generator: random });
const samples = (x: Tensor): readonly Matrix[] => x.toArray() as number[][][];

const nobody = (): number => 0;
const hidden = [[false, false, true, false], [true, false, false, false]];
const causal = squareSubsequentMask(4, { dtype: "float64" }).toArray() as number[][];
const added = draw(queries, keys);
const perHead = draw(batch * heads, queries, keys);

const calls: readonly (readonly [name: string, options: AttentionOptions, mask: Mask])[] = [
  ["without masks", {}, nobody],
  ["with a float mask", { mask: added }, (_, __, query, key) => (added.toArray() as number[][])[query]?.[key] ?? NaN],
  ["with a mask for each head", { mask: perHead }, (sample, head, query, key) => (perHead.toArray() as number[][][])[sample * heads + head]?.[query]?.[key] ?? NaN],
  ["with hidden keys", { keyPaddingMask: tensor(hidden) }, (sample, _, __, key) => (hidden[sample]?.[key] === true ? -Infinity : 0)],
  ["in order", { causal: true }, (_, __, query, key) => causal[query]?.[key] ?? NaN],
];

const layers: readonly (readonly [name: string, options: MultiheadAttentionOptions])[] = [
  ["biasKeyValue", { biasKeyValue: true }],
  ["zeroAttention", { zeroAttention: true }],
  ["both", { biasKeyValue: true, zeroAttention: true }],
  ["both, with other features of keys and values", { biasKeyValue: true, zeroAttention: true, keyFeatures: 5, valueFeatures: 4 }],
  ["both, without biases", { biasKeyValue: true, zeroAttention: true, bias: false }],
];

describe.each(layers)("MultiheadAttention with %s", (_, options) => {
  const layer = new MultiheadAttention(features, heads, { ...options, batchFirst: true, dtype: "float64", generator: random });
  if (layer.inProjBias !== undefined) layer.inProjBias.value = draw(3 * features);
  const [query, key, value] = [draw(batch, queries, features), draw(batch, keys, options.keyFeatures ?? features), draw(batch, keys, options.valueFeatures ?? features)];
  const zero = options.zeroAttention === true;
  const extra = (zero ? 1 : 0) + (options.biasKeyValue === true ? 1 : 0);

  test.each(calls)("%s gives the numbers of the formula", (__, call, mask) => {
    const expected = plainly(layer, samples(query), samples(key), samples(value), mask, zero);
    const { output, weights } = layer.forward(query, key, value, { ...call, weights: "perHead" });
    expect(output.shape).toEqual([batch, queries, features]);
    expect(weights?.shape).toEqual([batch, heads, queries, keys + extra]);
    for (const [found, wanted] of [[output, expected.output], [weights, expected.weights]] as const) {
      numbers(found).forEach((each, at) => expect(each).toBeCloseTo(wanted[at] ?? NaN, 12));
    }
  });

  test("the second axis of a batch, one sequence, and a batch of one agree", () => {
    const seconds = new MultiheadAttention(features, heads, { ...options, dtype: "float64" });
    seconds.loadStateDict(layer.stateDict());
    const swap = (x: Tensor): Tensor => x.transpose(0, 1);
    const { output } = layer.forward(query, key, value);
    expect(numbers(swap(seconds.forward(swap(query), swap(key), swap(value)).output))).toEqual(numbers(output));
    const first = (x: Tensor): Tensor => x.slice([0]);
    const { output: one, weights } = layer.forward(first(query), first(key), first(value), { weights: "average" });
    expect(weights?.shape).toEqual([queries, keys + extra]);
    numbers(one).forEach((each, at) => expect(each).toBeCloseTo(numbers(output)[at] ?? NaN, 12));
  });

  test("gradients agree with central differences", () => {
    expect(() => checkGradients((...inputs: Tensor[]) => {
      layer.parameters().forEach((parameter, at) => (parameter.value = inputs[at + 1] as Tensor));
      return layer.forward(inputs[0] as Tensor, key, value).output;
    }, [query, ...layer.parameters().map((parameter) => parameter.value)])).not.toThrow();
  });
});

test("names and initial values are PyTorch's", () => {
  const layer = new MultiheadAttention(64, 4, { biasKeyValue: true });
  expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
    ["in_proj_weight", [192, 64]], ["in_proj_bias", [192]], ["bias_k", [1, 1, 64]], ["bias_v", [1, 1, 64]], ["out_proj.weight", [64, 64]], ["out_proj.bias", [64]],
  ]);
  // xavier_normal_ of [1, 1, 64]: fans 64 and 64, a deviation of √(2 / 128) = 0.125.
  const drawn = numbers(layer.biasK?.value);
  expect(Math.sqrt(drawn.reduce((total, each) => total + each ** 2, 0) / 64)).toBeGreaterThan(0.125 / 1.5);
  expect(Math.sqrt(drawn.reduce((total, each) => total + each ** 2, 0) / 64)).toBeLessThan(0.125 * 1.5);
});

test("a query without other keys attends to the added keys; step by step equals all steps at once", () => {
  const rotary = new RotaryPositionalEncoding(4, { maxLength: 8, dtype: "float64" });
  const layer = new MultiheadAttention(8, 2, { biasKeyValue: true, zeroAttention: true, batchFirst: true, rotary, dtype: "float64", generator: random });
  const x = draw(1, 4, 8);
  const { weights } = layer.forward(x, x, x, { keyPaddingMask: tensor([[true, true, true, true]]), weights: "average" });
  const all = numbers(weights);
  for (let query = 0; query < 4; query++) {
    const [first, second, third, fourth, bias = NaN, zero = NaN] = all.slice(query * 6, query * 6 + 6);
    expect([first, second, third, fourth]).toEqual([0, 0, 0, 0]);
    expect(bias + zero).toBeCloseTo(1, 12);
  }
  const together = numbers(layer.forward(x, x, x, { causal: true }).output);
  const cache = layer.createCache({ batch: 1, maxLength: 4 });
  for (let step = 0; step < 4; step++) {
    const now = x.slice([null, { start: step, stop: step + 1 }]);
    const { output } = layer.forward(now, now, now, { cache });
    numbers(output).forEach((each, at) => expect(each).toBeCloseTo(together[step * 8 + at] ?? NaN, 12));
  }
});

test("wrong options are refused", () => {
  const layer = new MultiheadAttention(4, 2);
  const x = arange(8).cast("float32").reshape([2, 1, 4]);
  // @ts-expect-error the values are "average" and "perHead"
  expect(() => layer.forward(x, x, x, { weights: true })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: weights is true, expected "average" or "perHead"]`);
  // @ts-expect-error a name of PyTorch
  expect(() => layer.forward(x, x, x, { attnMask: x })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: there is no option "attnMask"; did you mean "mask"?]`);
  // @ts-expect-error a name of PyTorch
  expect(() => new MultiheadAttention(4, 2, { addBiasKv: true })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: there is no option "addBiasKv"; did you mean "bias"?]`);
  // @ts-expect-error by position
  expect(() => new MultiheadAttention(4, 2, 0.1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: the options are 0.1, expected an object such as { dropout: …, bias: …, keyFeatures: … }]`);
  expect(() => new MultiheadAttention(4, 2, { rotary: {} as RotaryPositionalEncoding })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: rotary is an object, expected a RotaryPositionalEncoding]`);
  expect(() => layer.forward(x, x, x, { cache: {} as KeyValueCache })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MultiheadAttention: cache is an object, expected a KeyValueCache; createCache makes one]`);
  expect(() => layer.forward(undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: MultiheadAttention: query is undefined, expected a Tensor]`);
  expect(() => layer.forward([1] as never, x)).toThrowErrorMatchingInlineSnapshot(`[UsageError: MultiheadAttention: query is an array of 1, expected a Tensor; make it one with tensor(...)]`);
});
