import { TensorDataset } from "@nn/data";
import { tensor, type Tensor } from "@nn/tensor";
import { evaluate, type Evaluation } from "../../src/evaluation/evaluate.js";

/** The evaluation of a network that is sure of every prediction, of as many examples as the counts say. */
export async function evaluationOf(classes: readonly string[], counts: readonly (readonly [label: number, predicted: number, times: number])[]): Promise<Evaluation> {
  const examples = counts.flatMap(([label, predicted, times]) => Array.from({ length: times }, () => [label, predicted] as const));
  const logits = examples.flatMap(([, predicted]) => classes.map((_, at) => (at === predicted ? 50 : 0)));
  const split = new TensorDataset(tensor(logits, { shape: [examples.length, classes.length] }), tensor(examples.map(([label]) => label), { dtype: "int32", shape: [examples.length] }));
  return evaluate((x: Tensor) => x, split, classes);
}
