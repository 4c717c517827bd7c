import { checkGradients, grad } from "@nn/autograd";
import { full, Generator, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  CELU, ELU, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, LogSigmoid, LogSoftmax, Maxout, Mish, PReLU, ReLU, ReLU6, RReLU,
  SELU, Sigmoid, SiLU, Softmax, Softmax2d, Softmin, Softplus, Softshrink, Softsign, Step, Tanh, Tanhshrink, Threshold, type TensorModule,
} from "../../src/index.js";

const modules: readonly TensorModule[] = [
  new CELU(0.6), new ELU(0.7), new GELU(), new GELU({ approximate: "tanh" }), new GLU(), new Hardshrink(), new Hardsigmoid(), new Hardswish(), new Hardtanh(-1, 2),
  new Identity(), new LeakyReLU(0.2), new LogSigmoid(), new LogSoftmax(), new Maxout(2), new Mish(), new PReLU(1, { dtype: "float64" }),
  new PReLU(4, { dtype: "float64" }), new ReLU(), new ReLU6(), new RReLU().eval(), new SELU(), new Sigmoid(), new SiLU(), new Softmax(0), new Softmin(),
  new Softplus({ beta: 2 }), new Softshrink(0.4), new Softsign(), new Tanh(), new Tanhshrink(), new Threshold(0.5, 3),
];

describe.each(modules.map((module, at) => [`${module.constructor.name} (${at})`, module] as const))("%s", (_, module) => {
  const x = tensor([[0.3, -0.8, 1.7, -2.1], [2.5, 0.9, -0.2, -1.3]], { dtype: "float64" });

  test("gradients agree with central differences", () => {
    expect(() => checkGradients((input) => module.forward(input), [x])).not.toThrow();
  });

  test("keeps the dtype", () => {
    expect(module.forward(x).dtype).toBe("float64");
  });
});

describe("Step", () => {
  test("is 1 above 0 only", () => {
    expect(new Step().forward(tensor([-2, 0, 0.1])).toArray()).toEqual([0, 0, 1]);
    expect(new Step().forward(tensor([2], { dtype: "float64" })).dtype).toBe("float64");
  });

  test("has the gradient 0", () => {
    expect(grad((x: Tensor) => sum(new Step().forward(x)))(tensor([-1, 0, 1])).toArray()).toEqual([0, 0, 0]);
  });
});

describe("RReLU", () => {
  test("draws a slope between its bounds for each element", () => {
    const y = [...new RReLU(0.1, 0.3, { generator: new Generator(1) }).forward(full([1000], -1)).neg().toTypedArray()];
    expect(Math.min(...y)).toBeGreaterThanOrEqual(Math.fround(0.1));
    expect(Math.max(...y)).toBeLessThanOrEqual(Math.fround(0.3));
    expect(y.reduce((a, b) => a + b) / 1000).toBeCloseTo(0.2, 2);
  });

  test("leaves positive numbers unchanged", () => {
    expect(new RReLU().forward(tensor([2, 3])).toArray()).toEqual([2, 3]);
  });
});

test("the gradient is finite far from the kinks", () => {
  const far = tensor([-1e30, 1e30]);
  for (const module of [new CELU(), new ELU(), new Hardswish(), new Mish(), new SELU(), new Softplus()]) {
    expect([module.constructor.name, ...grad((x: Tensor) => sum(module.forward(x)))(far).toTypedArray()].slice(1).every(Number.isFinite)).toBe(true);
  }
});

test("errors", () => {
  expect(() => new GLU(1).forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GLU: axis 1 of input [2, 3] cannot be halved]`);
  expect(() => new RReLU(0.4, 0.3)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RReLU: slopes from 0.4 to 0.3, expected the lower one first]`);
  expect(() => new Softmax2d().forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Softmax2d: input is [2, 3], expected [N, C, H, W] or [C, H, W]]`);
  expect(() => new Maxout(3).forward(zeros([2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Maxout: axis 1 of input [2, 4] does not split into 3 pieces]`);
  expect(() => new Maxout(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Maxout: pieces is 0, expected a positive whole number]`);
  expect(() => new PReLU(3).forward(zeros([2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: prelu: weight is [3] for input [2, 4], expected one slope, or one for each channel on axis 1]`);
  expect(() => new PReLU(3).forward(zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: prelu: weight is [3] for input [3], expected one slope, or one for each channel on axis 1]`);
  expect(() => new PReLU(-1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: PReLU: slopes is -1, expected a positive whole number]`);
  expect(() => new Softmax(2).forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: softmax: axis 2 is out of range; expected -2 to 1 for rank 2]`);
});
