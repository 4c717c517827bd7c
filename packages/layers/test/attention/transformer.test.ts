import { Generator, normal, select, slice, stack, tensor, unbind, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it, test } from "vitest";
import {
  KeyValueCache, LayerNorm, LearnedPositionalEncoding, paddingMask, RotaryPositionalEncoding, squareSubsequentMask, Transformer, TransformerDecoder,
  TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer, type TransformerLayerOptions,
} from "../../src/index.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const common: TransformerLayerOptions = { feedForward: 12, dropout: 0, dtype: "float64", batchFirst: true, generator: new Generator(1) };

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const wanted = b.toTypedArray();
  a.toTypedArray().forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 10));
}

describe.each([{ normFirst: false }, { normFirst: true, activation: "gelu" }] as const)("$normFirst", (options) => {
  const rotary = new RotaryPositionalEncoding(4, { dtype: "float64" });
  const encoderLayer = (): TransformerEncoderLayer => new TransformerEncoderLayer(8, 2, { ...common, ...options, rotary });
  const decoderLayer = (): TransformerDecoderLayer => new TransformerDecoderLayer(8, 2, { ...common, ...options });

  it("generating step by step with caches equals the causal forward pass, for pieces of any length", () => {
    const encoder = new TransformerEncoder([encoderLayer(), encoderLayer()], { norm: new LayerNorm(8, { dtype: "float64" }) });
    const x = random([2, 6, 8], 2);
    const whole = encoder.forward(x, { causal: true });
    for (const pieces of [[1, 1, 1, 1, 1, 1], [3, 1, 2], [6]]) {
      const caches = encoder.createCaches({ batch: 2, maxLength: 9 });
      let start = 0;
      for (const length of pieces) {
        const range = [{}, { start, stop: start + length }];
        expectClose(encoder.forward(slice(x, range), { caches }), slice(whole, range));
        start += length;
      }
      expect(caches[0]?.position.value.item()).toBe(6);
    }
  });

  it("generating with a decoder equals its causal forward pass, and a cache can be reused", () => {
    const decoder = new TransformerDecoder([decoderLayer(), decoderLayer()]);
    const [target, memory] = [random([2, 4, 8], 3), random([2, 5, 8], 4)];
    const memoryKeyPaddingMask = paddingMask([5, 2], 5);
    const whole = decoder.forward(target, memory, { causal: true, memoryKeyPaddingMask });
    const caches = decoder.createCaches({ batch: 2, maxLength: 4 });
    for (let round = 0; round < 2; round++) {
      const steps = unbind(target, 1).map((step) => decoder.forward(step.unsqueeze(1), memory, { caches, memoryKeyPaddingMask }));
      expectClose(stack(steps.map((step) => select(step, 1, 0)), 1), whole);
      caches.forEach((cache) => cache.reset());
    }
  });

  it("padding does not affect earlier positions", () => {
    const layer = encoderLayer();
    const x = random([1, 5, 8], 5);
    const padded = layer.forward(x, { keyPaddingMask: paddingMask([3], 5) });
    expectClose(slice(padded, [{}, { stop: 3 }]), layer.forward(slice(x, [{}, { stop: 3 }])));
  });
});

test("the option and the mask both make a transformer causal in its target", () => {
  const transformer = new Transformer(8, 2, { ...common, encoderLayers: 1, decoderLayers: 2 });
  const [source, target] = [random([2, 5, 8], 6), random([2, 4, 8], 7)];
  const output = transformer.forward(source, target, { causal: true });
  expectClose(output, transformer.forward(source, target, { targetMask: squareSubsequentMask(4, { dtype: "float64" }) }));
  const changed = target.add(tensor([0, 0, 0, 1], { dtype: "float64" }).reshape([4, 1]));
  expectClose(slice(transformer.forward(source, changed, { causal: true }), [{}, { stop: 3 }]), slice(output, [{}, { stop: 3 }]));
  const matrices = transformer.parameters().filter(({ shape }) => shape.length > 1);
  expect(matrices.every(({ value, shape: [rows = 0, columns = 0] }) => Math.max(...value.abs().toTypedArray()) <= Math.sqrt(6 / (rows + columns)))).toBe(true);
});

test("learned positions continue at the length of the cache", () => {
  const positions = new LearnedPositionalEncoding(4, 8, { dtype: "float64", batchFirst: true });
  const layer = new TransformerEncoderLayer(8, 2, common);
  const x = random([1, 4, 8], 8);
  const whole = layer.forward(positions.forward(x), { causal: true });
  const cache = layer.createCache({ batch: 1, maxLength: 4 });
  for (const [at, step] of unbind(x, 1).entries()) {
    const output = layer.forward(positions.forward(step.unsqueeze(1), { position: cache.position.value }), { cache });
    expectClose(select(output, 1, 0), select(whole, 1, at));
  }
});

test("errors", () => {
  const layer = new TransformerEncoderLayer(8, 2, { feedForward: 4, batchFirst: true });
  const encoder = new TransformerEncoder([layer]);
  const cache = layer.createCache({ batch: 1, maxLength: 2 });
  expect(() => encoder.forward(zeros([1, 2, 8]), { caches: [] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: TransformerEncoder: 0 caches, expected 1, one for each layer; createCaches makes them]`);
  expect(() => layer.forward(zeros([1, 3, 8]), { cache })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: in self_attn: KeyValueCache: no room for 3 more steps among 2; make it with a larger maxLength, or reset() it]`);
  expect(() => layer.forward(zeros([2, 1, 8]), { cache })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: in self_attn: KeyValueCache: keys are [2, 2, 1, 4], expected [1, 2, steps, 4]]`);
  layer.forward(zeros([1, 2, 8]), { cache });
  expect(() => layer.forward(zeros([1, 1, 8]), { cache })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: in self_attn: KeyValueCache: no room for 1 more steps among 2; make it with a larger maxLength, or reset() it]`);
  expect(cache.position.value.item()).toBe(2);
  expect(() => new KeyValueCache({ batch: 1, maxLength: 0, heads: 1, headSize: 1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: KeyValueCache: maxLength is 0, expected a positive whole number]`);
  expect(() => new TransformerEncoderLayer(8, 2, { activation: "tanh" as "relu" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: TransformerEncoderLayer: activation is the string "tanh", expected "relu", "gelu" or a function]`);
});
