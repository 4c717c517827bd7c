import { valueAndGrad } from "@nn/autograd";
import { Linear, Sequential, Sigmoid, Step, Tanh, type TensorModule } from "@nn/layers";
import { binaryCrossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { Generator, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const inputs = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const column = (values: readonly number[]): Tensor => tensor([...values], { shape: [values.length, 1] });

const functions = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], NAND: [1, 1, 1, 0], XOR: [0, 1, 1, 0] } as const;

/** A single neuron with threshold (Rosenblatt 1958), and its rule: `W ← W + (y − ŷ)ᵀ x`, `b ← b + Σ (y − ŷ)`. */
function perceptronRule(targets: readonly number[], sweeps: number): { mistakes: number; sweeps: number } {
  const neuron = new Linear(2, 1, { initializeWeight: (shape) => zeros(shape), initializeBias: (shape) => zeros(shape) });
  const model = new Sequential(neuron, new Step());
  let mistakes = Infinity;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    mistakes = 0;
    for (const [at, target] of targets.entries()) {
      const x = inputs.slice([{ start: at, stop: at + 1 }]);
      const error = column([target]).sub(model.forward(x));
      if (error.item() === 0) continue;
      mistakes += 1;
      neuron.weight.value = neuron.weight.value.add(error.transpose().matmul(x));
      if (neuron.bias !== undefined) neuron.bias.value = neuron.bias.value.add(error.sum(0));
    }
    if (mistakes === 0) return { mistakes, sweeps: sweep };
  }
  return { mistakes, sweeps };
}

describe("the perceptron with the step rule", () => {
  test.each(["AND", "OR", "NAND"] as const)("converges on %s", (name) => {
    expect(perceptronRule(functions[name], 20).mistakes).toBe(0);
  });

  test("does not converge on XOR, which no line separates", () => {
    expect(perceptronRule(functions.XOR, 200).mistakes).toBeGreaterThan(0);
  });

  test("has a gradient of 0", () => {
    const model = new Sequential(new Linear(2, 1), new Step());
    const fired = (): Tensor => model.forward(inputs).sum();
    expect(() => valueAndGrad(fired, model.parameters())).toThrow("valueAndGrad: no gradient reaches variable 0");
    const { gradients } = valueAndGrad(fired, model.parameters(), { strict: false });
    expect(gradients.map((gradient) => gradient.abs().sum().item())).toEqual([0, 0]);
  });
});

function train(model: TensorModule, targets: Tensor): number {
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 0.1 });
  let loss = Infinity;
  for (let step = 0; step < 300; step++) {
    const { value, gradients } = valueAndGrad(() => binaryCrossEntropy(model.forward(inputs), targets), parameters);
    optimizer.step(gradients);
    loss = value.item();
  }
  return loss;
}

const answers = (model: TensorModule): unknown => model.forward(inputs).greater(0.5).cast("float32").flatten().toArray();

describe("XOR", () => {
  const targets = column(functions.XOR);

  test("is learned by two layers", () => {
    const generator = new Generator(1);
    const model = new Sequential(new Linear(2, 4, { generator }), new Tanh(), new Linear(4, 1, { generator }), new Sigmoid());
    expect(train(model, targets)).toBeLessThan(0.02);
    expect(answers(model)).toEqual(functions.XOR);
  });

  test("is not learned by one layer, which ends at a probability of 1/2", () => {
    const model = new Sequential(new Linear(2, 1, { generator: new Generator(1) }), new Sigmoid());
    expect(train(model, targets)).toBeCloseTo(Math.log(2), 2);
    expect(answers(model)).not.toEqual(functions.XOR);
  });
});
