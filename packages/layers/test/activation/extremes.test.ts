import { grad } from "@nn/autograd";
import { sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  CELU, ELU, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyReLU, LogSigmoid, LogSoftmax, Maxout, Mish, PReLU, ReLU, ReLU6, RReLU, SELU, Sigmoid,
  SiLU, Softmax, Softmax2d, Softmin, Softplus, Softshrink, Softsign, Step, Tanh, Tanhshrink, Threshold, type TensorModule,
} from "../../src/index.js";

const elementwise: readonly TensorModule[] = [
  new CELU(0.6), new ELU(0.7), new GELU(), new GELU({ approximate: "tanh" }), new Hardshrink(), new Hardsigmoid(), new Hardswish(), new Hardtanh(-1, 2), new LeakyReLU(),
  new LogSigmoid(), new Mish(), new PReLU(), new ReLU(), new ReLU6(), new RReLU(), new SELU(), new Sigmoid(), new SiLU(), new Softplus(), new Softshrink(),
  new Softsign(), new Step(), new Tanh(), new Tanhshrink(), new Threshold(0.5, 3),
];

test.each(elementwise.map((module) => [String(module), module] as const))("%s: NaN stays NaN and affects no other element", (_, module) => {
  // PReLU has a parameter, of float32.
  for (const dtype of module instanceof PReLU ? ["float32"] as const : ["float32", "float64"] as const) {
    const [before, nan, after] = module.forward(tensor([-0.25, NaN, 0.75], { dtype })).toTypedArray();
    expect(nan).toBeNaN();
    expect([before, after].every(Number.isFinite)).toBe(true);
  }
});

test("layers that combine elements: NaN stays NaN, and other groups stay unaffected", () => {
  const x = tensor([[1, NaN, 2, -1], [0.5, 2, 1, -3]]);
  for (const module of [new Softmax(), new LogSoftmax(), new Softmin(), new GLU(), new Maxout(2)]) {
    const [first, second] = module.forward(x).toArray() as number[][];
    expect([String(module), first?.some(Number.isNaN), second?.every(Number.isFinite)]).toEqual([String(module), true, true]);
  }
  expect(new Softmax2d().forward(x.reshape([2, 2, 2])).toArray()).toEqual([[[expect.closeTo(0.6225), NaN], [expect.closeTo(0.7311), expect.closeTo(0.8808)]], [[expect.closeTo(0.3775), NaN], [expect.closeTo(0.2689), expect.closeTo(0.1192)]]]);
});

/** PyTorch's values and gradients. */
const exact: readonly (readonly [TensorModule, readonly number[], readonly number[], readonly number[]])[] = [
  [new Step(), [-Infinity, -1, -0, 0, 1e-30, Infinity], [0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 0, 0]],
  [new Threshold(0.5, 3), [-Infinity, 0.5, 0.75, Infinity], [3, 3, 0.75, Infinity], [0, 0, 1, 1]],
  [new Threshold(-Infinity, 3), [-Infinity, -5], [3, -5], [0, 1]],
  [new Hardshrink(), [-Infinity, -0.5, -0.25, 0, 0.5, 0.75, Infinity], [-Infinity, 0, 0, 0, 0, 0.75, Infinity], [1, 0, 0, 0, 0, 1, 1]],
  [new Softshrink(), [-Infinity, -0.75, -0.5, 0, 0.5, 0.75, Infinity], [-Infinity, -0.25, 0, 0, 0, 0.25, Infinity], [1, 1, 0, 0, 0, 1, 1]],
  [new Softshrink(0), [-0.75, 0, 0.75], [-0.75, 0, 0.75], [1, 0, 1]],
  [new Hardtanh(-1, Infinity), [-Infinity, -1, 0.5, 1e30], [-1, -1, 0.5, 1e30], [0, 0, 1, 1]],
  [new PReLU(1, { dtype: "float64" }), [-4, 0, 2, Infinity], [-1, 0, 2, Infinity], [0.25, 0.25, 1, 1]],
  [new CELU(2), [-Infinity, 0, 3, Infinity], [-2, 0, 3, Infinity], [0, 1, 1, 1]],
];

test.each(exact.map(([module, ...rest]) => [String(module), module, ...rest] as const))("%s at its boundaries", (_, module, x, y, slope) => {
  const input = tensor(x, { dtype: "float64" });
  const values = [...module.forward(input).toTypedArray()];
  expect(values.map((each) => each + 0)).toEqual(y);
  expect([...grad((given: Tensor) => sum(module.forward(given)))(input).toTypedArray()]).toEqual(slope);
});

test("an infinite element does not affect the gradient of PReLU's slope", () => {
  const layer = new PReLU();
  const slope = (x: Tensor): Tensor => grad((weight: Tensor) => {
    layer.weight.value = weight;
    return sum(layer.forward(x));
  })(tensor([0.25]));
  expect(slope(tensor([Infinity, -2, 3])).toArray()).toEqual([-2]);
  expect(slope(tensor([-Infinity])).toArray()).toEqual([-Infinity]);
});

describe("arguments that make no sense are refused", () => {
  const wrong: readonly (readonly [string, () => unknown])[] = [
    ["CELU of 0", () => new CELU(0)],
    ["CELU of NaN", () => new CELU(NaN)],
    ["ELU of a string", () => new ELU("1" as never)],
    ["LeakyReLU of options", () => new LeakyReLU({ negativeSlope: 0.1 } as never)],
    ["Hardtanh upside down", () => new Hardtanh(1, -1)],
    ["Hardtanh of NaN", () => new Hardtanh(NaN)],
    ["Softshrink below 0", () => new Softshrink(-0.5)],
    ["Threshold without a value", () => new (Threshold as new (threshold: number) => Threshold)(1)],
    ["Softmax of a fraction", () => new Softmax(0.5)],
    ["Softplus by position", () => new Softplus(2 as never)],
    ["Softplus of a steepness of 0", () => new Softplus({ beta: 0 })],
    ["GELU of a name that there is not", () => new GELU({ approximate: "tan" as "tanh" })],
    ["GELU by position", () => new GELU("tanh" as never)],
    ["RReLU with a generator that is none", () => new RReLU(0.1, 0.2, { generator: 3 as never })],
    ["RReLU of infinite slopes", () => new RReLU(0, Infinity)],
    ["ReLU of anything", () => new (ReLU as new (given: unknown) => ReLU)({ inplace: true })],
    ["PReLU by name", () => new PReLU({ initial: 0.1 } as never)],
    ["an array as input", () => new Softsign().forward([1, 2] as never)],
    ["a parameter as input", () => new Hardshrink().forward(new PReLU().weight as never)],
  ];

  test.each(wrong)("%s", (_, call) => {
    expect(call).toThrowErrorMatchingSnapshot();
  });
});

test("activations of empty tensors are empty", () => {
  for (const module of elementwise) expect([String(module), module.forward(zeros([0, 3])).shape]).toEqual([String(module), [0, 3]]);
  for (const module of [new Softmax(), new LogSoftmax(), new Softmin()]) expect([String(module), module.forward(zeros([0, 3])).shape]).toEqual([String(module), [0, 3]]);
});
