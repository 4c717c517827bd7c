import { Conv2d, Linear, type ConvolutionLayerOptions } from "@nn/layers";
import { Generator, isFinite, normal, tensor, zeros, type Tensor } from "@nn/tensor";
import { roundToBfloat16 } from "@nn/tensor/extend";
import { describe, expect, it } from "vitest";
import { Bfloat16Conv2d, Bfloat16Linear, compile } from "../src/index.js";
import { bfloat16Form } from "../src/bfloat16-form.js";

const generator = new Generator(3);

/** The numbers with 8 significant bits. */
function rounded(x: Tensor): Tensor {
  const numbers = Float32Array.from(x.toTypedArray());
  roundToBfloat16(numbers);
  return tensor(numbers, { shape: x.shape });
}

/** The layer with bfloat16, eagerly and compiled, and the float layer with rounded weights and inputs. */
function expectSame(layer: Linear | Conv2d, x: Tensor): void {
  const form = bfloat16Form(layer);
  if (typeof form === "string") throw new Error(form);
  const actual = form.assign(layer.weight.value, layer.bias?.value).forward(x);
  layer.weight.value = rounded(layer.weight.value);
  const expected = layer.forward(rounded(x));
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.sub(expected).abs().max().item()).toBeLessThan(4e-6 * expected.abs().max().item());
  const compiled = compile((input: Tensor) => form.forward(input));
  expect(compiled(x).toArray()).toEqual(actual.toArray());
  compiled.dispose();
}

describe("Bfloat16Linear", () => {
  it.each([[[7], 7, 3], [[5, 9], 9, 4], [[2, 3, 4], 4, 1], [[2, 64], 64, 33]] as const)("of %j computes what Linear does with the rounded numbers", (shape, inputs, outputs) => {
    expectSame(new Linear(inputs, outputs, { generator }), normal([...shape], { generator }));
    expectSame(new Linear(inputs, outputs, { generator, bias: false }), normal([...shape], { generator, std: 3 }));
  });

  it("refuses inputs that do not fit, and unknown options", () => {
    const layer = new Bfloat16Linear(3, 2);
    expect(() => layer.forward(zeros([4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Bfloat16Linear: input is [4], expected […, 3]]`);
    expect(() => layer.forward(zeros([3], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: Bfloat16Linear: input has dtype float64, expected float32]`);
    expect(() => new Bfloat16Linear(3, 2, { biases: false } as object)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Bfloat16Linear: there is no option "biases"; did you mean "bias"?]`);
  });
});

it.each([NaN, Infinity, -Infinity])("an input of %s reaches the outputs that it belongs to, and no others, eagerly and compiled", (value) => {
  const linear = new Bfloat16Linear(3, 2).assign(tensor([[1, 2, 3], [4, 5, 6]]), undefined);
  const convolution = new Bfloat16Conv2d(1, 1, 2).assign(tensor([[[[1, 2], [3, 4]]]]), undefined);
  const [rows, image] = [tensor([[0, 1, 0], [value, 1, 0], [1, 1, 1]]), tensor([[[[value, 1, 1], [0, 0, 0], [1, 1, 1]]]])];
  const both = (x: Tensor, y: Tensor): Tensor[] => [isFinite(linear.forward(x)), isFinite(convolution.forward(y))];
  for (const run of [both, compile(both)]) {
    expect(run(rows, image).map((each) => each.toArray())).toEqual([[[true, true], [false, false], [true, true]], [[[[false, true], [true, true]]]]]);
  }
});

describe("Bfloat16Conv2d", () => {
  const cases: readonly (readonly [kernel: number | readonly [number, number], options: ConvolutionLayerOptions])[] = [
    [1, {}], [3, { padding: 1 }], [[2, 3], { stride: [1, 2], padding: [[0, 1], 2] }], [3, { padding: "same", bias: false }], [3, { dilation: 2 }],
    [3, { padding: 1, paddingMode: "reflect" }], [1, { stride: 2 }], [1, { padding: 1 }],
  ];

  it.each(cases)("with a kernel of %j and %j computes what Conv2d does with the rounded numbers", (kernel, options) => {
    expectSame(new Conv2d(3, 5, kernel, { ...options, generator }), normal([2, 3, 7, 6], { generator }));
    expectSame(new Conv2d(3, 21, kernel, { ...options, generator }), normal([3, 7, 6], { generator }));
  });

  it("refuses inputs that do not fit, and unknown options", () => {
    const layer = new Bfloat16Conv2d(3, 2, 3);
    expect(() => layer.forward(zeros([1, 2, 5, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Bfloat16Conv2d: input is [1, 2, 5, 5], expected [N, 3, H, W] or [3, H, W]]`);
    expect(() => layer.forward(zeros([1, 3, 2, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: unfold: a kernel of 3 (dilation 1) does not fit on an axis of 2 with padding 0]`);
    expect(() => new Bfloat16Conv2d(3, 2, 3, { groups: 2 } as object)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Bfloat16Conv2d: there is no option "groups"; its options are stride, padding, dilation, paddingMode, bias]`);
  });
});
