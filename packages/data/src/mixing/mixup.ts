import { cast, permutation, type Tensor } from "@nn/tensor";
import { drawLambda, mixed, requireMixable, type MixedBatch, type MixOptions } from "./mixed.js";

/**
 * Mixes each example of a batch with a random other one: `λ xᵢ + (1 − λ) xⱼ`, and the targets likewise, with one λ from Beta(α, α) for the batch
 * (Zhang et al. 2018, "mixup: Beyond empirical risk minimization"). A loss that takes only class indices can be mixed instead:
 * `λ · loss(output, y) + (1 − λ) · loss(output, y[partners])`.
 *
 * It is a function of tensors: inside `compile` it draws new numbers at every call, the same ones as in eager execution. The default of α is 0.2;
 * torchvision's `MixUp` has 1, and mixes with the neighbour in the batch.
 *
 * Shapes: inputs `[N, …]`, float; targets int32 `[N]` with `classes`, or float `[N, …]`: probabilities, or numbers of a regression.
 *
 * @example
 * ```ts
 * import { mixup } from "@nn/data";
 * import { Generator, tensor } from "@nn/tensor";
 * const x = tensor([[0], [1]]);
 * const { inputs, targets } = mixup(x, tensor([0, 1], { dtype: "int32" }), { classes: 2, alpha: 1, generator: new Generator(5) });
 * inputs.shape; // => [2, 1]
 * targets.sum(1).toArray(); // => [1, 1]
 * ```
 * @throws ShapeError unless inputs and targets have the same number of examples; ArgumentError without `classes` for class indices, and for an α below 0.02.
 */
export function mixup(inputs: Tensor, targets: Tensor, options: MixOptions = {}): MixedBatch {
  const soft = requireMixable("mixup", inputs, targets, options);
  const { alpha = 0.2, generator } = options;
  const lambda = drawLambda(alpha, generator);
  const partners = permutation(inputs.shape[0] ?? 0, { generator });
  return { inputs: mixed(inputs, partners, lambda), targets: mixed(soft, partners, lambda), partners, lambda: cast(lambda, inputs.dtype) };
}
