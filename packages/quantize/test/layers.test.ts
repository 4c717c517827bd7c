import { Conv2d, Linear, type ConvolutionLayerOptions } from "@nn/layers";
import { Generator, isNaN, normal, round, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { compile, QuantizedConv2d, QuantizedLinear } from "../src/index.js";
import { quantizedForm } from "../src/quantized-form.js";

const generator = new Generator(3);
const range = [-3, 3] as const;
const step = 6 / 127;

/** The inputs that the whole numbers stand for. */
function rounded(x: Tensor): Tensor {
  const zero = Math.round(3 / step);
  return round(x.div(step).add(zero)).maximum(0).minimum(127).sub(zero).mul(step);
}

/** The weights that the whole numbers stand for. */
function roundedWeight(weight: Tensor): Tensor {
  const [n = 1] = weight.shape;
  const rows = weight.reshape([n, weight.size / n]);
  const scale = rows.abs().max(1, { keepAxes: true }).div(127);
  return round(rows.div(scale)).mul(scale).reshape(weight.shape);
}

/** The layer with whole numbers, and the float layer with the numbers that those stand for. */
function expectSame(layer: Linear | Conv2d, x: Tensor): void {
  const form = quantizedForm(layer);
  if (typeof form === "string") throw new Error(form);
  const actual = form.assign(layer.weight.value, layer.bias?.value, range).forward(x);
  layer.weight.value = roundedWeight(layer.weight.value);
  const expected = layer.forward(rounded(x));
  expect(actual.shape).toEqual(expected.shape);
  const error = actual.sub(expected).abs().max().item();
  expect(error).toBeLessThan(2e-5 * expected.abs().max().item());
}

describe("QuantizedLinear", () => {
  it.each([[[7], 7, 3], [[5, 9], 9, 4], [[2, 3, 4], 4, 1], [[2, 64], 64, 33]] as const)("of %j computes what Linear does with the rounded numbers", (shape, inputs, outputs) => {
    expectSame(new Linear(inputs, outputs, { generator }), normal([...shape], { generator }));
    expectSame(new Linear(inputs, outputs, { generator, bias: false }), normal([...shape], { generator, std: 3 }));
  });

  it("refuses inputs that do not fit, and unknown options", () => {
    const layer = new QuantizedLinear(3, 2);
    expect(() => layer.forward(zeros([4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: QuantizedLinear: input is [4], expected […, 3]]`);
    expect(() => layer.forward(zeros([3], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: QuantizedLinear: input has dtype float64, expected float32]`);
    expect(() => new QuantizedLinear(3, 2, { biases: false } as object)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: QuantizedLinear: there is no option "biases"; did you mean "bias"?]`);
  });

  it("limits inputs beyond the range", () => {
    const layer = new QuantizedLinear(1, 1).assign(tensor([[2]]), tensor([0.5]), [0, 1]);
    expect(layer.forward(tensor([[-5], [0], [1], [9]])).toArray()).toEqual([[0.5], [0.5], [2.5], [2.5]].map((row) => row.map((value) => expect.closeTo(value, 5) as number)));
  });
});

it.each([NaN, Infinity, -Infinity])("an input of %s makes the outputs NaN that it belongs to, and no others, eagerly and compiled", (value) => {
  const linear = new QuantizedLinear(3, 2).assign(tensor([[1, 2, 3], [4, 5, 6]]), undefined, [0, 1]);
  const convolution = new QuantizedConv2d(1, 1, 2).assign(tensor([[[[1, 2], [3, 4]]]]), undefined, [0, 1]);
  const [rows, image] = [tensor([[0, 1, 0], [value, 1, 0], [1, 1, 1]]), tensor([[[[value, 1, 1], [0, 0, 0], [1, 1, 1]]]])];
  const both = (x: Tensor, y: Tensor): Tensor[] => [isNaN(linear.forward(x)), isNaN(convolution.forward(y))];
  for (const run of [both, compile(both)]) {
    expect(run(rows, image).map((each) => each.toArray())).toEqual([[[false, false], [true, true], [false, false]], [[[[true, false], [false, false]]]]]);
  }
});

describe("QuantizedConv2d", () => {
  const cases: readonly (readonly [kernel: number | readonly [number, number], options: ConvolutionLayerOptions])[] = [
    [1, {}], [3, { padding: 1 }], [[2, 3], { stride: [1, 2], padding: [[0, 1], 2] }], [3, { padding: "same", bias: false }], [3, { dilation: 2 }],
    [3, { padding: 1, paddingMode: "reflect" }], [1, { stride: 2 }], [1, { padding: 1 }],
  ];

  it.each(cases)("with a kernel of %j and %j computes what Conv2d does with the rounded numbers", (kernel, options) => {
    expectSame(new Conv2d(3, 5, kernel, { ...options, generator }), normal([2, 3, 7, 6], { generator }));
    expectSame(new Conv2d(3, 5, kernel, { ...options, generator }), normal([3, 7, 6], { generator }));
  });

  it("refuses inputs that do not fit, and unknown options", () => {
    const layer = new QuantizedConv2d(3, 2, 3);
    expect(() => layer.forward(zeros([1, 2, 5, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: QuantizedConv2d: input is [1, 2, 5, 5], expected [N, 3, H, W] or [3, H, W]]`);
    expect(() => layer.forward(zeros([1, 3, 2, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: unfold: a kernel of 3 (dilation 1) does not fit on an axis of 2 with padding 0]`);
    expect(() => new QuantizedConv2d(3, 2, 3, { groups: 2 } as object)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: QuantizedConv2d: there is no option "groups"; its options are stride, padding, dilation, paddingMode, bias]`);
  });
});
