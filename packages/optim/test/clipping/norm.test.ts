import { checkGradients, grad } from "@nn/autograd";
import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "../../src/index.js";

const norm = (gradients: readonly Tensor[]): number => Math.hypot(...gradients.flatMap((gradient) => [...gradient.toTypedArray()]));

describe("clipByGlobalNorm", () => {
  test("scales all gradients by one factor", () => {
    const { gradients, norm: before } = clipByGlobalNorm([tensor([3, 0]), tensor([[4]])], 2.5);
    expect(before.item()).toBe(5);
    expect(norm(gradients)).toBeCloseTo(2.5, 5);
    expect((gradients[0]?.toTypedArray()[0] ?? 0) / (gradients[1]?.item() ?? 0)).toBeCloseTo(0.75, 6);
  });

  test("leaves short and missing gradients unchanged", () => {
    const { gradients } = clipByGlobalNorm([tensor([3]), undefined, tensor([4])], 100);
    expect(gradients.map((gradient) => gradient?.toArray())).toEqual([[3], undefined, [4]]);
    expect(clipByGlobalNorm([undefined], 1).norm.item()).toBe(0);
  });

  test("supports other norms", () => {
    const gradients = [tensor([1, -2]), tensor([3])];
    expect(clipByGlobalNorm(gradients, 1, { p: 1 }).norm.item()).toBe(6);
    expect(clipByGlobalNorm(gradients, 1, { p: Infinity }).norm.item()).toBe(3);
    expect(clipByGlobalNorm(gradients, 1, { p: 3 }).norm.item()).toBeCloseTo(36 ** (1 / 3), 5);
  });
});

test("clipByNorm scales each by its own factor", () => {
  const [long, short] = clipByNorm([tensor([30, 40]), tensor([0.1])], 5);
  expect(long?.toArray()).toEqual([3, 4].map((value) => expect.closeTo(value, 5) as number));
  expect(short?.item()).toBeCloseTo(0.1, 7);
});

test("without a limit nothing is clipped", () => {
  const gradients = [tensor([3, 4]), tensor([1e10])];
  for (const clipped of [clipByGlobalNorm(gradients, Infinity).gradients, clipByNorm(gradients, Infinity), clipByValue(gradients, Infinity)]) {
    expect(clipped.map((gradient) => gradient.toArray())).toEqual(gradients.map((gradient) => gradient.toArray()));
  }
});

test("an infinite limit leaves infinite gradients unchanged", () => {
  const gradients = [tensor([Infinity, -4]), tensor([5])];
  const found = [clipByGlobalNorm(gradients, Infinity).gradients, clipByNorm(gradients, Infinity), clipByValue(gradients, Infinity)];
  for (const clipped of found) expect(clipped.map((gradient) => gradient.toArray())).toEqual([[Infinity, -4], [5]]);
  expect(clipByGlobalNorm(gradients, Infinity).norm.item()).toBe(Infinity);
});

test("the norm neither overflows for large elements nor underflows for small ones", () => {
  for (const size of [1e30, 1e-30]) {
    for (const [p, norm] of [[2, 5], [1, 7], [3, 91 ** (1 / 3)], [0.5, (Math.sqrt(3) + 2) ** 2], [Infinity, 4]] as const) {
      const found = clipByGlobalNorm([tensor([3 * size]), tensor([-4 * size, 0])], 1, { p });
      expect(found.norm.item() / size).toBeCloseTo(norm, 4);
      expect(found.gradients[0]?.item()).toBeCloseTo(size > 1 ? 3 / norm : 0, 5);
    }
  }
});

test.each([2, 1, 3, 0.5, Infinity])("the gradient through clipping zeros is that of the identity, p = %s", (p) => {
  const slope = grad((x: Tensor) => clipByNorm([x], 1, { p })[0]?.sum() ?? x)(tensor([0, 0, 0]));
  expect(slope.toArray()).toEqual([1, 1, 1]);
  const partly = grad((x: Tensor) => clipByNorm([x], 1, { p })[0]?.sum() ?? x)(tensor([0, 0.25]));
  expect(partly.toArray()).toEqual([1, 1]);
});

test("the gradient through clipping agrees with the formula", () => {
  for (const p of [1, 2, 3]) {
    expect(() => checkGradients((x, y) => clipByGlobalNorm([x, y], 0.7, { p }).gradients, [tensor([0.3, -2]), tensor([1.5])])).not.toThrow();
  }
});

test("a float32 scalar parameter keeps its dtype when another is float64", () => {
  const { gradients } = clipByGlobalNorm([tensor(3), tensor(4, { dtype: "float64" })], 1);
  expect(gradients.map(({ dtype }) => dtype)).toEqual(["float32", "float64"]);
});

test("arguments out of range", () => {
  expect(() => clipByGlobalNorm({ gradients: [] } as never, 1)).toThrowErrorMatchingInlineSnapshot(`[UsageError: clipByGlobalNorm: got an object, expected the list of gradients: \`gradients\` of the result of valueAndGrad]`);
  expect(() => clipByGlobalNorm([], -1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: clipByGlobalNorm: limit is -1, expected a number, at least 0]`);
  expect(() => clipByNorm([tensor([1])], 1, { p: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: clipByNorm: p is 0, expected a positive number or Infinity]`);
  expect(() => clipByValue([], NaN)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: clipByValue: limit is NaN, expected a number, at least 0]`);
});
