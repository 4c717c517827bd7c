import { checkGradients } from "@nn/autograd";
import { conv2d, Generator, normal, ones, pad, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, DepthwiseConv1d, DepthwiseConv2d, SeparableConv1d, SeparableConv2d, Unfold, Fold } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const options = () => ({ dtype: "float64", generator: new Generator(3) }) as const;

function expectClose(got: Tensor, want: Tensor): void {
  expect(got.shape).toEqual(want.shape);
  expect(got.sub(want).abs().max().item()).toBeLessThan(1e-12);
}

test.each(["reflect", "symmetric", "replicate", "circular"] as const)("padding mode %s is padding first", (paddingMode) => {
  const layer = new Conv2d(2, 3, 3, { ...options(), padding: [[1, 2], 0], paddingMode });
  const x = random([2, 2, 5, 6]);
  expectClose(layer.forward(x), conv2d(pad(x, [[1, 2], [0, 0]], { mode: paddingMode }), layer.weight.value, layer.bias?.value));
});

test.each(["zeros", "reflect", "symmetric", "replicate", "circular"] as const)('padding "same" keeps sizes, with mode %s', (paddingMode) => {
  expect(new Conv2d(1, 1, [4, 3], { padding: "same", dilation: [1, 2], paddingMode }).forward(zeros([1, 1, 7, 8])).shape).toEqual([1, 1, 7, 8]);
  expect(new Conv1d(1, 1, 3, { padding: "valid", paddingMode }).forward(zeros([1, 1, 7])).shape).toEqual([1, 1, 5]);
});

test("a transposed convolution is the adjoint of the convolution", () => {
  const [weight, x, y] = [random([2, 3, 3, 3]), random([1, 3, 7, 8], 2), random([1, 2, 4, 4], 3)];
  const forward = new Conv2d(3, 2, 3, { stride: 2, padding: 1, bias: false, dtype: "float64", initializeWeight: () => weight });
  const back = new ConvTranspose2d(2, 3, 3, { stride: 2, padding: 1, bias: false, dtype: "float64", initializeWeight: () => weight });
  expect(forward.forward(x).mul(y).sum().item()).toBeCloseTo(x.mul(back.forward(y, [7, 8])).sum().item(), 10);
});

describe("depthwise and separable", () => {
  test("channels do not mix", () => {
    const layer = new DepthwiseConv2d(2, 3, { ...options(), multiplier: 2, padding: 1 });
    expect(layer.weight.shape).toEqual([4, 1, 3, 3]);
    const x = random([1, 2, 4, 4]);
    const second = layer.forward(x).slice([null, { start: 2, stop: 4 }]);
    expectClose(layer.forward(x.mul(tensor([[[[5]], [[1]]]], { dtype: "float64" }))).slice([null, { start: 2, stop: 4 }]), second);
    expect(new DepthwiseConv1d(3, 3).forward(zeros([1, 3, 8])).shape).toEqual([1, 3, 6]);
  });

  test("a separable convolution is depthwise, then pointwise, with PyTorch-like names", () => {
    const layer = new SeparableConv2d(2, 5, 3, { ...options(), padding: "same", multiplier: 3 });
    expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
      ["depthwise.weight", [6, 1, 3, 3]], ["pointwise.weight", [5, 6, 1, 1]], ["pointwise.bias", [5]],
    ]);
    const x = random([2, 2, 4, 6]);
    expectClose(layer.forward(x), layer.pointwise.forward(layer.depthwise.forward(x)));
    expect(new SeparableConv1d(2, 5, 3, { bias: false }).parameters().map(({ shape }) => shape)).toEqual([[2, 1, 3], [5, 2, 1]]);
  });
});

test("folding reverses unfolding if patches do not overlap", () => {
  const x = random([2, 3, 4, 6]);
  expectClose(new Fold([4, 6], 2, { stride: 2 }).forward(new Unfold(2, { stride: 2 }).forward(x)), x);
});

test("gradients agree with central differences", () => {
  const layers = [
    new Conv2d(2, 4, 3, { ...options(), stride: 2, padding: 1, groups: 2 }), new Conv2d(2, 2, 2, { ...options(), padding: "same", paddingMode: "reflect" }),
    new ConvTranspose2d(2, 2, 3, { ...options(), stride: 2, outputPadding: 1 }), new SeparableConv2d(2, 3, 2, options()),
  ];
  for (const layer of layers) expect(() => checkGradients((x) => layer.forward(x), [random([1, 2, 4, 4])])).not.toThrow();
});

test("errors", () => {
  expect(() => new Conv2d(3, 8, 3).forward(zeros([1, 4, 8, 8]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: conv2d: input [1, 4, 8, 8] has 4 channels but weight [8, 3, 3, 3] expects 3 (groups = 1)]`);
  expect(() => new Conv2d(3, 8, 3).forward(zeros([8, 8]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: conv2d: input is [8, 8], expected [N, C, H, W] or [C, H, W]]`);
  expect(() => new Conv2d(3, 8, 5).forward(ones([1, 3, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: conv2d: a window of 5 (dilation 1) does not fit on spatial axis 0 of size 4 with padding 0 and 0]`);
  expect(() => new Conv2d(3, 8, 0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: kernelSize is 0, expected whole numbers from 1]`);
  expect(() => new Conv2d(3, 8, [3, 3, 3])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: kernelSize is [3, 3, 3], expected a number or 2 of them, one for each spatial axis]`);
  expect(() => new Conv2d(0, 8, 3)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: inChannels is 0, expected a positive whole number]`);
  expect(() => new Conv2d(3, 8, 3, { groups: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: 3 input and 8 output channels do not both split into 2 groups]`);
  expect(() => new Conv2d(3, 8, 3, { padding: "same", stride: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: padding "same" needs stride 1, got [2, 2]]`);
  expect(() => new Conv3d(3, 8, 3, { padding: [1, 1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv3d: padding has 2 entries, expected a number or 3 entries, one for each spatial axis]`);
  // @ts-expect-error: untyped callers may pass this
  expect(() => new Conv2d(3, 8, 3, { padding: "full" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: padding is the string "full", expected numbers, "same" or "valid"]`);
  // @ts-expect-error: untyped callers may pass this
  expect(() => new Conv2d(3, 8, 3, { paddingMode: "mirror" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: paddingMode is the string "mirror", expected "zeros", "reflect", "symmetric", "replicate" or "circular"]`);
  expect(() => new Conv2d(1, 1, 3, { padding: 4, paddingMode: "reflect" }).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: pad: widths [4, 4] on axis 2 of [1, 1, 4, 4] exceed what mode "reflect" can take from it: 3]`);
  expect(() => new ConvTranspose1d(1, 1, 3, { stride: 2 }).forward(zeros([1, 1, 4]), 12)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ConvTranspose1d: outputSize is [12], expected from [9] to [10] for an input of [4]]`);
  expect(() => new ConvTranspose1d(1, 1, 3, { outputPadding: 1 }).forward(zeros([1, 1, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: convTranspose1d: outputPadding 1 must be less than the larger of stride and dilation, 1]`);
});
