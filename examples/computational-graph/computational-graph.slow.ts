import { expect, test } from "vitest";
import { apples, descended, gradientsOf, neuron, neuronInputs, resultOf } from "./main.js";

const fixed = (values: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toFixed(2))]));

test("the apples cost 220, and a dearer apple costs 2.2 times as much more", () => {
  expect(resultOf(apples())).toBeCloseTo(220, 12);
  expect(fixed(gradientsOf(apples()))).toEqual({ price: 2.2, count: 110, tax: 200 });
});

test("the gradients of the neuron are those of central differences", () => {
  expect(fixed(gradientsOf(neuron()))).toEqual({ w0: -0.2, x0: 0.39, w1: -0.39, x1: -0.59, w2: 0.2 });
  const output = ({ w0, x0, w1, x1, w2 }: typeof neuronInputs): number => 1 / (1 + Math.exp(-(w0 * x0 + w1 * x1 + w2)));
  for (const [name, gradient] of Object.entries(gradientsOf(neuron()))) {
    const at = (shift: number): number => output({ ...neuronInputs, [name]: neuronInputs[name as keyof typeof neuronInputs] + shift });
    expect((at(1e-6) - at(-1e-6)) / 2e-6).toBeCloseTo(gradient, 8);
  }
});

test("a step of gradient descent moves w0 to 2.02, and lowers the output", () => {
  const after = descended(0.1);
  expect(after.w0).toBeCloseTo(2.02, 3);
  expect(resultOf(neuron(after))).toBeLessThan(resultOf(neuron()));
});
