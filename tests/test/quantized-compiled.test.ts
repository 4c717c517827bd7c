import { Generator, normal, type Tensor } from "@nn/tensor";
import { readSafetensors, writeSafetensors } from "@nn/io";
import { BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Residual, Sequential, type Module } from "@nn/layers";
import { compile as compileFloats } from "@nn/compiler";
import { toOnnx } from "@nn/onnx";
import { compile, loadQuantized, quantize, toBfloat16 } from "@nn/quantize";
import { describe, expect, it, test } from "vitest";

const generator = new Generator(11);
const random = (...shape: number[]): Tensor => normal(shape, { generator });

const convolution = (): Sequential => new Sequential(
  new Conv2d(3, 8, 3, { padding: 1, generator }), new BatchNorm2d(8), new ReLU(), new MaxPool2d(2), new Residual(new Sequential(new Conv2d(8, 8, 1, { generator }), new ReLU())),
  new Conv2d(8, 6, 3, { stride: 2, generator }), new Flatten(), new Linear(24, 5, { generator }),
).eval();

const perceptron = (): Sequential => new Sequential(new Linear(30, 41, { generator }), new ReLU(), new Linear(41, 7, { generator, bias: false })).eval();

const models: readonly (readonly [name: string, make: () => Sequential, shape: readonly number[]])[] = [["convolutions", convolution, [3, 12, 12]], ["a perceptron", perceptron, [30]]];

test("sums are rescaled in registers, with the activation and the steps of the next layer; where an input is NaN, a sum per row says so", () => {
  const { model } = quantize(perceptron(), [random(16, 30)]);
  const predict = compile((x: Tensor) => model.forward(x));
  predict(random(9, 30));
  const kernels = predict.explain().split("\n").filter((line) => /^\d/.test(line));
  expect(kernels.map((line) => line.split(/ {2,}/)[1]?.replace(/, AVX[-\w]+$/, ""))).toEqual([
    "mul, add + mul, sum", "quantizedMatmul + sub, cast, mul, add, add, lessEqual, select + mul, add", "mul, sum", "quantizedMatmul + sub, cast, mul, add",
  ]);
});

describe.each(models)("a quantized model of %s", (_, make, shape) => {
  it.each([1, 2])("gives the numbers of eager execution compiled, on %i threads", (threads) => {
    const { model } = quantize(make(), [random(16, ...shape)]);
    const predict = compile((x: Tensor) => model.forward(x), { threads });
    const x = random(9, ...shape);
    expect(predict(x).toArray()).toEqual(model.forward(x).toArray());
  });

  it("is the same after it was saved", () => {
    const { model } = quantize(make(), [random(16, ...shape)]);
    const again: Module = loadQuantized(make(), readSafetensors(writeSafetensors(model.stateDict())).tensors);
    expect(Object.entries(again.stateDict()).map(([name, value]) => [name, value.toArray()])).toEqual(Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()]));
  });

  it("is not exported to ONNX, and the error says what to do", () => {
    const { model } = quantize(make(), [random(16, ...shape)]);
    expect(() => toOnnx((x: Tensor) => model.forward(x), { x: random(2, ...shape) })).toThrow("quantizedMatmul (export the float32 model, and quantize its file with the tools of ONNX Runtime)");
  });
});

describe.each(models)("a model with bfloat16 of %s", (_, make, shape) => {
  it.each([1, 2])("gives the numbers of eager execution compiled, up to the rounding of sums, on %i threads", (threads) => {
    const { model } = toBfloat16(make());
    const predict = compile((x: Tensor) => model.forward(x), { threads });
    const x = random(9, ...shape);
    const [expected, found] = [model.forward(x), predict(x)];
    expect(found.sub(expected).abs().max().item()).toBeLessThan(0.01 * expected.abs().max().item());
    expect(predict.explain()).toContain("bfloat16Matmul + add");
  });

  it("is the same after it was saved", () => {
    const { model } = toBfloat16(make());
    const again: Module = loadQuantized(make(), readSafetensors(writeSafetensors(model.stateDict())).tensors);
    expect(Object.entries(again.stateDict()).map(([name, value]) => [name, value.toArray()])).toEqual(Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()]));
  });

  it("is not exported to ONNX, and the error says what to do", () => {
    const { model } = toBfloat16(make());
    expect(() => toOnnx((x: Tensor) => model.forward(x), { x: random(2, ...shape) })).toThrow("bfloat16Matmul (export the float32 model, and convert its file with the tools of ONNX Runtime)");
  });

  it("is refused by a compiler without such products, and the error says what to do", () => {
    const { model } = toBfloat16(make());
    expect(() => compileFloats((x: Tensor) => model.forward(x))(random(2, ...shape))).toThrow('import { bfloat16Matmul } from "@nn/compiler/features"; or compile it with "@nn/quantize"');
  });
});
