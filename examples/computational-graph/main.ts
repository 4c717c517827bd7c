import { drawGraph, explainGraph, type ComputationalGraph } from "@nn/explain";
import { sigmoid } from "@nn/tensor";
import { savePicture } from "../support/output.js";

/** What two apples at 100 cost, with a tax of 10 %. */
export const apples = (): ComputationalGraph => explainGraph(({ price, count, tax }) => price.mul(count).mul(tax), { price: 100, count: 2, tax: 1.1 });

/** The weights and inputs of a neuron. */
export const neuronInputs = { w0: 2, x0: -1, w1: -3, x1: -2, w2: -3 };

/** A neuron with a sigmoid: one node for the sigmoid, or the operations that it consists of. */
export const neuron = (inputs = neuronInputs, composed: "whole" | "apart" = "apart"): ComputationalGraph =>
  explainGraph(({ w0, x0, w1, x1, w2 }) => sigmoid(w0.mul(x0).add(w1.mul(x1)).add(w2)), inputs, { composed });

/** The gradient of the result with respect to each input, by name. */
export function gradientsOf({ nodes }: ComputationalGraph): Record<string, number> {
  return Object.fromEntries(nodes.filter(({ kind }) => kind === "input").map(({ name, gradient }) => [name, gradient.item()]));
}

/** The value that a graph computes. */
export const resultOf = ({ nodes, output }: ComputationalGraph): number => nodes[output]?.value.item() ?? NaN;

/** One step of gradient descent on the weights of the neuron. */
export function descended(learningRate: number): typeof neuronInputs {
  const { w0 = NaN, w1 = NaN, w2 = NaN } = gradientsOf(neuron());
  return { ...neuronInputs, w0: neuronInputs.w0 - learningRate * w0, w1: neuronInputs.w1 - learningRate * w1, w2: neuronInputs.w2 - learningRate * w2 };
}

function print(title: string, graph: ComputationalGraph): void {
  console.log(`${title}: ${resultOf(graph).toFixed(4)}`);
  for (const [name, gradient] of Object.entries(gradientsOf(graph))) console.log(`  gradient with respect to ${name.padEnd(5)}  ${gradient.toFixed(4)}`);
}

export function main(): void {
  print("Two apples with tax", apples());
  print("\nA neuron with a sigmoid", neuron());
  const after = descended(0.1);
  console.log(`\nOne step of gradient descent: w0 ← ${after.w0.toFixed(2)}, w1 ← ${after.w1.toFixed(2)}, w2 ← ${after.w2.toFixed(2)}; the output falls from ${resultOf(neuron()).toFixed(4)} to ${resultOf(neuron(after)).toFixed(4)}`);
  savePicture("computational-graph.svg", drawGraph(neuron(), { title: "A neuron with a sigmoid" }));
  savePicture("apples.svg", drawGraph(apples(), { title: "Two apples with tax" }));
}
