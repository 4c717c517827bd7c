import { arange, cast, clamp, div, floor, greaterEqual, indexSelect, less, logicalAnd, mul, permutation, reshape, ShapeError, sqrt, sub, uniform, where, type Tensor } from "@nn/tensor";
import { formatShape } from "@nn/tensor/extend";
import type { Generator as RandomGenerator } from "@nn/tensor";
import { drawLambda, mixed, requireMixable, type MixedBatch, type MixOptions } from "./mixed.js";

/**
 * Pastes a rectangle of a random other image of the batch over each image, and mixes the targets by area (Yun et al. 2019, "CutMix: Regularization strategy to
 * train strong classifiers with localizable features").
 *
 * The rectangle is the same for the whole batch: its sides are `⌊√(1 − λ)·H⌋` and `⌊√(1 − λ)·W⌋` with λ from Beta(α, α), its centre is uniform, and what
 * lies outside of the image is cut off. The λ of the result is the fraction of the image that is left. The default of α is 1, as in the paper.
 *
 * It is a function of tensors: inside `compile` it draws new numbers at every call, the same ones as in eager execution. torchvision: `CutMix`.
 *
 * Shapes: inputs `[N, …, H, W]`, float, such as images `[N, C, H, W]`; targets int32 `[N]` with `classes`, or float `[N, …]`.
 *
 * @example
 * ```ts
 * import { cutmix } from "@nn/data";
 * import { Generator, ones, tensor, zeros, concat } from "@nn/tensor";
 * const images = concat([zeros([1, 1, 4, 4]), ones([1, 1, 4, 4])], 0);
 * const { inputs, lambda } = cutmix(images, tensor([0, 1], { dtype: "int32" }), { classes: 2, generator: new Generator(3) });
 * inputs.shape; // => [2, 1, 4, 4]
 * lambda.item() >= 0; // => true
 * ```
 * @throws ShapeError unless inputs are images and have as many examples as the targets; ArgumentError without `classes` for class indices, and for an α below
 * 0.02.
 */
export function cutmix(inputs: Tensor, targets: Tensor, options: MixOptions = {}): MixedBatch {
  const soft = requireMixable("cutmix", inputs, targets, options);
  const [height, width] = [inputs.shape.at(-2), inputs.shape.at(-1)];
  if (inputs.rank < 3 || height === undefined || width === undefined || height * width === 0) {
    throw new ShapeError(`cutmix: inputs ${formatShape(inputs.shape)}, expected images [N, …, H, W]; use mixup for other inputs`);
  }
  const { alpha = 1, generator } = options;
  const ratio = sqrt(sub(1, drawLambda(alpha, generator)));
  const rows = drawInterval(height, ratio, generator);
  const columns = drawInterval(width, ratio, generator);
  const partners = permutation(inputs.shape[0] ?? 0, { generator });
  const inside = logicalAnd(reshape(rows.inside, [height, 1]), columns.inside);
  const pasted = where(inside, indexSelect(inputs, partners, 0), inputs);
  const lambda = sub(1, div(mul(rows.length, columns.length), height * width));
  return { inputs: pasted, targets: mixed(soft, partners, lambda), partners, lambda: cast(lambda, inputs.dtype) };
}

/** An interval of the fraction `ratio` of an axis, around a uniform centre, cut off at the ends. */
function drawInterval(size: number, ratio: Tensor, generator: RandomGenerator | undefined): { readonly inside: Tensor; readonly length: Tensor } {
  const half = floor(div(floor(mul(ratio, size)), 2));
  const centre = floor(mul(uniform([], { dtype: "float64", generator }), size));
  const start = clamp(sub(centre, half), 0, size);
  const stop = clamp(centre.add(half), 0, size);
  const positions = cast(arange(size, { dtype: "int32" }), "float64");
  return { inside: logicalAnd(greaterEqual(positions, start), less(positions, stop)), length: sub(stop, start) };
}
