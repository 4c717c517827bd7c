import { Generator, gradientsOf, normal, tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { Lion } from "../../src/index.js";

test("Lion moves by the sign of the interpolated momentum, as in the paper's program", () => {
  const [rate, beta1, beta2, decay] = [0.1, 0.6, 0.8, 0.05];
  const generator = new Generator(3);
  const gradients = Array.from({ length: 6 }, () => normal([5], { generator, dtype: "float64" }));
  const x = new Variable(tensor([1, -2, 3, 0, 0.5], { dtype: "float64" }));
  const optimizer = new Lion([x], { learningRate: rate, betas: [beta1, beta2], weightDecay: decay });

  let expected = [1, -2, 3, 0, 0.5];
  let momentum = [0, 0, 0, 0, 0];
  for (const gradient of gradients) {
    optimizer.step(gradientsOf(optimizer.parameters, [gradient]));
    const g = [...gradient.toTypedArray()];
    expected = expected.map((value, at) => {
      const direction = Math.sign(beta1 * (momentum[at] ?? 0) + (1 - beta1) * (g[at] ?? 0));
      return value - rate * (direction + decay * value);
    });
    momentum = momentum.map((value, at) => beta2 * value + (1 - beta2) * (g[at] ?? 0));
    x.value.toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 12));
  }
});

test("options out of range", () => {
  expect(() => new Lion([new Variable(tensor([1]))], { betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Lion: betas[1] is 1, expected a number, at least 0 and below 1]`);
});
