import { checkGradients } from "@nn/autograd";
import { conv2d, Generator, normal, ones, pad, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { Conv1d, Conv2d, Conv3d, ConvTranspose2d, SeparableConv2d } from "../../src/index.js";

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
  expect(() => new Conv2d(3, 8, 0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Conv2d: kernelSize is 0, expected whole numbers, at least 1]`);
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
});
