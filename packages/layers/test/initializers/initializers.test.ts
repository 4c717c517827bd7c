import { Generator, normal, truncatedNormal, uniform, zeros } from "@nn/tensor";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  calculateFans, calculateGain, constant, dirac, identity, kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, orthogonal, sparse, xavierNormal, xavierUniform,
  type Initializer,
} from "../../src/index.js";

const random: Readonly<Record<string, Initializer>> = {
  kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, orthogonal, xavierNormal, xavierUniform, sparse: (shape, options) => sparse(shape, { ...options, sparsity: 0.3 }),
};

describe.each(Object.entries(random))("%s", (_, initialize) => {
  test("depends on the generator only, and advances it", () => {
    const generator = new Generator(5);
    const first = initialize([6, 4], { generator }).toArray();
    expect(initialize([6, 4], { generator }).toArray()).not.toEqual(first);
    expect(initialize([6, 4], { generator: new Generator(5) }).toArray()).toEqual(first);
  });

  test("returns the requested dtype", () => {
    expect(initialize([3, 2], { dtype: "float64" }).dtype).toBe("float64");
    expect(initialize([3, 2], {}).dtype).toBe("float32");
  });
});

test("the distributions and constants of @nn/tensor are initializers", () => {
  expectTypeOf([uniform, normal, truncatedNormal, zeros]).toExtend<Initializer[]>();
});

test("an orthogonal matrix is orthogonal up to rounding, and may be square", () => {
  const q = orthogonal([12, 12], { dtype: "float64", generator: new Generator(2) });
  const gram = q.matmul(q.transpose()).toTypedArray();
  gram.forEach((value, at) => expect(value).toBeCloseTo(at % 13 === 0 ? 1 : 0, 14));
});

test("orthogonal matrices are drawn uniformly: both signs of every element are equally frequent", () => {
  const generator = new Generator(3);
  const count = 400;
  const signs = Array.from({ length: count }, () => Math.sign(orthogonal([2, 2], { generator }).toTypedArray()[0] ?? 0));
  expect(Math.abs(signs.reduce((a, b) => a + b))).toBeLessThan(5 * Math.sqrt(count));
});

test("fans and gains", () => {
  expect(calculateFans([16, 8, 3, 3])).toEqual({ fanIn: 72, fanOut: 144 });
  expect(calculateGain("leakyRelu", 0)).toBe(calculateGain("relu"));
  expect(constant([2], { value: 4 }).toArray()).toEqual([4, 4]);
});

test("errors", () => {
  expect(() => kaimingUniform([5])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: kaimingUniform: a weight of shape [5] has no fans; expected at least the axes [out, in]]`);
  expect(() => orthogonal([5])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: orthogonal: a weight of shape [5] is no matrix; expected at least the axes [out, in]]`);
  expect(() => identity([2, 2, 2])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: identity: a weight of shape [2, 2, 2] is no matrix; expected the axes [out, in]]`);
  expect(() => dirac([2, 2])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: dirac: a weight of shape [2, 2] is no convolution's; expected [out, in, …] with 1 to 3 kernel axes]`);
  expect(() => dirac([3, 2, 3], { groups: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: dirac: 3 output channels of [3, 2, 3] do not split into 2 groups]`);
  expect(() => sparse([2], { sparsity: 0.5 })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: sparse: a weight of shape [2] is no matrix; expected the axes [out, in]]`);
  expect(() => sparse([2, 2], { sparsity: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: sparse: sparsity is 2, expected a number from 0 to 1]`);
});
