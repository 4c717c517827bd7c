import { checkGradients, grad } from "@nn/autograd";
import { sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  ELU, GELU, Identity, LeakyReLU, LogSigmoid, LogSoftmax, Maxout, PReLU, ReLU, Sigmoid, SiLU, Softmax, Softplus, Step, Tanh, type TensorModule,
} from "../../src/index.js";

const modules: readonly TensorModule[] = [
  new ELU(0.7), new GELU(), new GELU({ approximate: "tanh" }), new Identity(), new LeakyReLU(0.2), new LogSigmoid(), new LogSoftmax(), new Maxout(2),
  new PReLU(1, { dtype: "float64" }), new PReLU(4, { dtype: "float64" }), new ReLU(), new Sigmoid(), new SiLU(), new Softmax(0), new Softplus({ beta: 2 }), new Tanh(),
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

test("errors", () => {
  expect(() => new Maxout(3).forward(zeros([2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Maxout: axis 1 of input [2, 4] does not split into 3 pieces]`);
  expect(() => new Maxout(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Maxout: pieces is 0, expected a positive whole number]`);
  expect(() => new PReLU(3).forward(zeros([2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: PReLU: input [2, 4] has 4 channels on axis 1, expected 3, one for each slope]`);
  expect(() => new PReLU(3).forward(zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: PReLU: input [3] has no channels on axis 1, expected 3, one for each slope]`);
  expect(() => new PReLU(-1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: PReLU: slopes is -1, expected a positive whole number]`);
  expect(() => new Softmax(2).forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: softmax: axis 2 is out of range; expected -2 to 1 for rank 2]`);
});
