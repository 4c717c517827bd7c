import { checkGradients, grad } from "@nn/autograd";
import { sum, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  CELU, ELU, GELU, GLU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, LogSigmoid, LogSoftmax, Maxout, Mish, PReLU, ReLU, ReLU6, RReLU, SELU, Sigmoid, SiLU, Softmax, Softmin, Softplus, Softshrink, Softsign, Tanh, Tanhshrink, Threshold, type TensorModule,
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

test("the gradient is finite far from the kinks", () => {
  const far = tensor([-1e30, 1e30]);
  for (const module of [new CELU(), new ELU(), new Hardswish(), new Mish(), new SELU(), new Softplus()]) {
    expect([module.constructor.name, ...grad((x: Tensor) => sum(module.forward(x)))(far).toTypedArray()].slice(1).every(Number.isFinite)).toBe(true);
  }
});
