import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { compile } from "../../../src/index.js";

const axis = fc.record({
  size: fc.integer({ min: 1, max: 13 }), window: fc.integer({ min: 1, max: 3 }), stride: fc.integer({ min: 1, max: 3 }),
  low: fc.integer({ min: 0, max: 3 }), high: fc.integer({ min: 0, max: 3 }), dilation: fc.integer({ min: 1, max: 2 }),
  spacing: fc.integer({ min: 1, max: 3 }),
}).filter(({ size, window, stride, low, high, dilation }) => {
  const count = Math.floor((size + low + high - (window - 1) * dilation - 1) / stride) + 1;
  const meets = (at: number): boolean =>
    Array.from({ length: window }, (_, offset) => at * stride + offset * dilation - low).some((position) => position >= 0 && position < size);
  return count >= 1 && Array.from({ length: count }, (_, at) => at).every(meets);
});

describe("pooling", () => {
  it("with random options equals eager execution, including ties, NaN and infinities", () => {
    const values = fc.constantFrom(0, 1, -1, 2.5, NaN, -Infinity, Infinity);
    const property = fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), fc.infiniteStream(values), fc.boolean(), (axes, stream, double) => {
      const shape = [2, 2, ...axes.map(({ size }) => size)];
      const size = shape.reduce((product, length) => product * length, 1);
      const x = tensor(Float64Array.from({ length: size }, () => stream.next().value), { shape, dtype: double ? "float64" : "float32" });
      const attributes = {
        window: axes.map(({ window }) => window), strides: axes.map(({ stride }) => stride),
        padding: axes.map(({ low, high }) => [low, high] as const), windowDilation: axes.map(({ dilation }) => dilation),
      };
      const pool = (a: Tensor): Tensor[] => [apply(primitives.windowArgMax, [a], attributes), apply(primitives.windowSum, [a], { ...attributes, inputDilation: axes.map(({ spacing }) => spacing) })];
      const compiled = compile(pool);
      expect(compiled(x).map((each) => each.toArray())).toEqual(pool(x).map((each) => each.toArray()));
      compiled.dispose();
    });
    fc.assert(property, { numRuns: 120 });
  });
});
