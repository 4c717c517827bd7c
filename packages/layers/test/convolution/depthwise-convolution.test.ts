import { Generator, normal, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { DepthwiseConv1d, DepthwiseConv2d, SeparableConv1d, SeparableConv2d } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const options = () => ({ dtype: "float64", generator: new Generator(3) }) as const;
function expectClose(got: Tensor, want: Tensor): void {
  expect(got.shape).toEqual(want.shape);
  expect(got.sub(want).abs().max().item()).toBeLessThan(1e-12);
}

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
