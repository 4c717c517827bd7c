import { checkGradients, valueAndGrad } from "@nn/autograd";
import { Generator, mean, normal, ones, square, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm, LocalResponseNorm, RMSNorm } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { mean: 3, std: 2, dtype: "float64", generator: new Generator(seed) });

test.each([
  ["layers", new LayerNorm([3, 4], { dtype: "float64" }), [2, 3, 4], [1, 2]],
  ["groups of all channels", new GroupNorm(1, 3, { dtype: "float64" }), [2, 3, 4], [1, 2]],
  ["instances", new InstanceNorm2d(3, { dtype: "float64" }), [2, 3, 4, 5], [2, 3]],
  ["volumes", new InstanceNorm3d(2, { dtype: "float64" }), [2, 2, 2, 3, 2], [2, 3, 4]],
])("%s get mean 0 and variance 1", (_, layer, shape, axes) => {
  const y = layer.forward(random(shape));
  for (const value of mean(y, axes).toTypedArray()) expect(value).toBeCloseTo(0, 12);
  for (const value of mean(square(y), axes).toTypedArray()) expect(value).toBeCloseTo(1, 4);
});

test("RMS normalisation divides by the root of the mean square", () => {
  const layer = new RMSNorm(2, { epsilon: 0, dtype: "float64" });
  layer.weight?.shape.forEach((length) => expect(length).toBe(2));
  layer.loadStateDict({ weight: tensor([1, 10], { dtype: "float64" }) });
  const [first = NaN, second = NaN] = layer.forward(tensor([3, 4], { dtype: "float64" })).toTypedArray();
  expect(first).toBeCloseTo(3 / Math.sqrt(12.5), 12);
  expect(second).toBeCloseTo(40 / Math.sqrt(12.5), 12);
  expect(new RMSNorm(2, { affine: false }).forward(zeros([1, 2])).toArray()).toEqual([[0, 0]]);
});

test("the shift is optional", () => {
  expect(Object.keys(new LayerNorm(3, { bias: false }).stateDict())).toEqual(["weight"]);
  expect(new LayerNorm(3, { affine: false }).parameters()).toEqual([]);
});

describe("instance normalisation", () => {
  test("running statistics are means over the instances", () => {
    const layer = new InstanceNorm1d(1, { trackRunningStats: true, momentum: 1 });
    layer.forward(tensor([[[0, 2]], [[10, 10]]]));
    expect(layer.runningMean?.value.toArray()).toEqual([5.5]);
    expect(layer.runningVar?.value.toArray()).toEqual([1]);
    expect(layer.numBatchesTracked?.value.item()).toBe(0);
  });

  test("a single example needs no batch axis", () => {
    const x = random([2, 3, 4]);
    const layer = new InstanceNorm2d(2, { dtype: "float64" });
    expect(layer.forward(x).toArray()).toEqual((layer.forward(x.unsqueeze(0)).toArray() as unknown[])[0]);
  });
});

test("gradients agree with central differences", () => {
  const weights = random([2, 4, 3], 2);
  for (const layer of [
    new LayerNorm([4, 3], { dtype: "float64" }), new RMSNorm(3, { dtype: "float64" }), new GroupNorm(2, 4, { dtype: "float64" }),
    new InstanceNorm1d(4, { affine: true, dtype: "float64" }), new LocalResponseNorm(3, { alpha: 0.5 }),
  ]) {
    expect(() => checkGradients((x) => layer.forward(x).mul(weights), [random([2, 4, 3])])).not.toThrow();
  }
});

test("empty tensors stay empty", () => {
  const empty = (...shape: number[]): Tensor => zeros(shape, { dtype: "float64" });
  const f64 = { dtype: "float64" } as const;
  expect(new LayerNorm(3, f64).forward(empty(0, 3)).shape).toEqual([0, 3]);
  expect(new LayerNorm([2, 3], f64).forward(empty(4, 0, 2, 3)).shape).toEqual([4, 0, 2, 3]);
  expect(new RMSNorm(3, f64).forward(empty(0, 3)).shape).toEqual([0, 3]);
  expect(new GroupNorm(2, 4, f64).forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  expect(new GroupNorm(2, 4, f64).eval().forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  expect(new LocalResponseNorm(3).forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  expect(new InstanceNorm1d(4, f64).forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  const layer = new LayerNorm(3, f64);
  const { gradients } = valueAndGrad(() => sum(layer.forward(empty(0, 3))), layer.parameters());
  expect(gradients.map((gradient) => gradient.toArray())).toEqual([[0, 0, 0], [0, 0, 0]]);
});

test("groups of a single value are refused", () => {
  const fix = /^groupNorm: input \[\d, 4(, 1)?\] has one value per group, whose variance is always 0; use fewer groups, or give it larger inputs$/;
  const layer = new GroupNorm(4, 4);
  for (const shape of [[1, 4], [3, 4], [1, 4, 1]]) expect(() => layer.forward(ones(shape))).toThrow(fix);
  expect(layer.forward(tensor([[[1, 3], [2, 2], [0, 4], [5, 5]]])).toArray()).toEqual([[
    [expect.closeTo(-1, 4), expect.closeTo(1, 4)], [0, 0], [expect.closeTo(-1, 4), expect.closeTo(1, 4)], [0, 0],
  ]]);
  expect(new GroupNorm(2, 4).forward(tensor([[1, 3, 2, 2]])).toArray()).toEqual([[expect.closeTo(-1, 4), expect.closeTo(1, 4), 0, 0]]);
  expect(() => layer.eval().forward(ones([1, 4]))).toThrow(fix);
});

test("errors", () => {
  expect(() => new LayerNorm([3, 4]).forward(zeros([2, 4, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: layerNorm: input is [2, 4, 3], expected [..., 3, 4]]`);
  expect(() => new LayerNorm([])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LayerNorm: shape is [], expected positive whole numbers, the sizes of the last axes]`);
  expect(() => new LayerNorm(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LayerNorm: shape is 0, expected positive whole numbers, the sizes of the last axes]`);
  expect(() => new LayerNorm(2).forward(ones([2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: layerNorm: input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  expect(() => new RMSNorm(4).forward(zeros([]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: rmsNorm: input is [], expected at least one axis]`);
  expect(() => new GroupNorm(2, 3)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: GroupNorm: 3 channels do not split into 2 groups]`);
  expect(() => new GroupNorm(2, 4).forward(zeros([4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GroupNorm: input is [4], expected [N, 4, ...]]`);
  expect(() => new InstanceNorm1d(2).forward(zeros([3, 4, 5, 6]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: InstanceNorm1d: input is [3, 4, 5, 6], expected [N, 2, L] or [2, L]]`);
  expect(() => new InstanceNorm2d(2).forward(zeros([1, 2, 1, 1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: InstanceNorm2d: input [1, 2, 1, 1] has fewer than two values per channel, whose variance is always 0; give it larger inputs, or call eval()]`);
  expect(() => new LocalResponseNorm(2).forward(zeros([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LocalResponseNorm: input is [1, 2], expected [N, C, ...spatial] with at least one spatial axis]`);
});
