import { valueAndGrad } from "@nn/autograd";
import { add, arange, bernoulli, Generator, ones, sum, tensor, Variable, where, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { AlphaDropout, Dropout } from "../../src/index.js";

test("drops with its probability and keeps the expectation", () => {
  const dropped = new Dropout(0.25, { generator: new Generator(1) }).forward(ones([100, 100])).toTypedArray();
  expect(new Set(dropped)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  const zeros = dropped.filter((value) => value === 0).length;
  // Five standard deviations of a binomial count of 10,000.
  expect(Math.abs(zeros - 2500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.25 * 0.75));
});

test("draws new numbers in each call, and the same ones for the same seed", () => {
  const [a, b] = [1, 1].map((seed) => new Dropout(0.5, { generator: new Generator(seed) }));
  const x = ones([32]);
  const first = a?.forward(x).toArray();
  expect(first).toEqual(b?.forward(x).toArray());
  expect(a?.forward(x).toArray()).not.toEqual(first);
});

test("passes gradients exactly where it passes values", () => {
  const layer = new Dropout(0.5, { generator: new Generator(2) });
  const x = new Variable(ones([20]));
  let output: unknown;
  const { gradients } = valueAndGrad(() => {
    const y = layer.forward(x.value);
    output = y;
    return sum(y);
  }, [x]);
  expect(gradients[0].toArray()).toEqual((output as { toArray(): unknown }).toArray());
});

test("does nothing in evaluation; probability 0 keeps all and 1 drops all", () => {
  const x = tensor([1, NaN, 3]);
  expect(new Dropout(0.9).eval().forward(x)).toBe(x);
  expect(new Dropout(0).forward(x)).toBe(x);
  expect(new Dropout(1).forward(x).toArray()).toEqual([0, 0, 0]);
});

test("errors", () => {
  expect(() => new Dropout(1.5)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Dropout: probability is 1.5, expected a number from 0 to 1]`);
  expect(() => new Dropout().forward(tensor([1], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: Dropout: input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
});

describe("a noise shape", () => {
  const x = add(arange(24), 1).cast("float64").reshape([2, 3, 4]);

  test("keeps or drops elements along axes of size 1 together, and the others separately", () => {
    const y = new Dropout(0.5, { noiseShape: [null, 1, 4], generator: new Generator(5) }).forward(x);
    const fates = y.div(x).toArray() as number[][][];
    // All steps of a sequence share the factor of the first step, which is 0 or 1 / (1 - 0.5).
    for (const steps of fates) expect(steps).toEqual([steps[0], steps[0], steps[0]]);
    const firsts = fates.flatMap(([first]) => first);
    expect(new Set(firsts)).toEqual(new Set([0, 2]));
    // The number of draws follows from the noise shape.
    const kept = bernoulli(0.5, [2, 1, 4], { generator: new Generator(5), dtype: "bool" });
    expect(y.toArray()).toEqual(where(kept, x.mul(2), 0).toArray());
  });

  test("of the full shape drops like no noise shape; of ones drops all elements together", () => {
    const drop = (noiseShape: readonly (number | null)[] | undefined): unknown => new Dropout(0.3, { noiseShape, generator: new Generator(3) }).forward(x).toArray();
    expect(drop([null, null, null])).toEqual(drop(undefined));
    expect(drop([2, 3, 4])).toEqual(drop(undefined));
    expect([zeros([2, 3, 4]).toArray(), x.div(0.7).toArray()]).toContainEqual(drop([1, 1, 1]));
  });

  test("works for AlphaDropout too, and nothing is dropped in evaluation", () => {
    const layer = new AlphaDropout(0.5, { noiseShape: [null, 1, 1], generator: new Generator(1) });
    const scale = 1 / Math.sqrt(0.5 * (1 + 0.5 * 1.7580993408473766 ** 2));
    const kept = bernoulli(0.5, [2, 1, 1], { generator: new Generator(1), dtype: "bool" });
    const expected = where(kept, x, -1.7580993408473766).mul(scale).add(scale * 0.5 * 1.7580993408473766);
    expect(layer.forward(x).toArray()).toEqual(expected.toArray());
    expect(layer.eval().forward(x)).toBe(x);
  });

  test("that does not fit is refused", () => {
    expect(() => new Dropout(0.5, { noiseShape: [null, 2] }).forward(x)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Dropout: input is [2, 3, 4], but noiseShape is [any, 2]; its sizes are 1 or those of the input, one for each axis]`);
    expect(() => new Dropout(0.5, { noiseShape: [null, 2, 1] }).forward(x)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Dropout: input is [2, 3, 4], but noiseShape is [any, 2, 1]; its sizes are 1 or those of the input, one for each axis]`);
    expect(() => new Dropout(0.5, { noiseShape: [0.5] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Dropout: a size of noiseShape is 0.5, expected 1, the size of the axis, or null for that]`);
    // @ts-expect-error a list is needed
    expect(() => new AlphaDropout(0.5, { noiseShape: 3 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AlphaDropout: noiseShape is 3, expected an array]`);
    // @ts-expect-error the name is another
    expect(() => new Dropout(0.5, { noise_shape: [1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Dropout: there is no option "noise_shape"; did you mean "noiseShape"?]`);
  });
});
