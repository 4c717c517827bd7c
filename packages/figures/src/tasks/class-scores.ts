import { valueAndGrad } from "@nn/autograd";
import { crossEntropy } from "@nn/losses";
import { SGD } from "@nn/optim";
import { linspace, log, softmax, tensor, Variable } from "@nn/tensor";

/** What softmax and cross-entropy make of the logits of one example. */
export interface Scores {
  readonly probabilities: readonly number[];
  readonly loss: number;
  /** The gradient of the loss with respect to each logit: `p − y`. */
  readonly gradient: readonly number[];
  /** The logits after one step of gradient descent, with the learning rate 1. */
  readonly next: readonly number[];
}

/** Probabilities, loss and gradient of logits whose right class is `target`. */
export function scoresOf(logits: readonly number[], target: number): Scores {
  const input = new Variable(tensor(logits, { dtype: "float64" }));
  const before = input.value;
  const right = tensor(target, { dtype: "int32" });
  const { value, gradients } = valueAndGrad(() => crossEntropy(input.value, right), [input]);
  new SGD([input], { learningRate: 1 }).step(gradients);
  return {
    probabilities: softmax(before).toArray() as number[],
    loss: value.item(),
    gradient: gradients[0].toArray() as number[],
    next: input.value.toArray() as number[],
  };
}

/** The loss of the right class by its probability, `−log p`, as points. */
export function lossCurve(points = 120): readonly (readonly [probability: number, loss: number])[] {
  const probabilities = linspace(1 / points, 1, points, { dtype: "float64" });
  const curve = log(probabilities).neg().toArray() as number[];
  return (probabilities.toArray() as number[]).map((probability, at) => [probability, curve[at] ?? NaN]);
}
