import { ArgumentError, formatShape, ShapeError, sum, type Axes, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link dice}. */
export interface DiceOptions extends LossOptions {
  /** Added above and below, so that nothing found where nothing is costs nothing; default 1. */
  readonly smooth?: number | undefined;
  /** The axes that make up a region. Default: all but the first, one region for each sample; `[2, 3]` for one of each class of images. */
  readonly axis?: Axes;
}

/**
 * How little a predicted region and the true one overlap: `1 − (2 Σ p t + s) / (Σ p + Σ t + s)`, one minus the coefficient of
 * Dice (1945) with probabilities for membership; for segmentation, where most places belong to no region (Milletari et al. 2016, who
 * square the terms below). Not in PyTorch.
 *
 * Shapes: probabilities and target (0 to 1) alike, `[N, …]`; losses `[N]`, or without the axes given.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { dice } from "@nn/losses";
 * const masks = tensor([[1, 1, 0, 0], [0, 0, 0, 0]]);
 * dice(tensor([[1, 0, 0, 0], [0, 0, 0, 0]]), masks, { reduction: "none" }).toArray(); // => [0.25, 0]
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError unless smooth is positive.
 */
export function dice(probabilities: Tensor, target: Tensor, { smooth = 1, axis, reduction }: DiceOptions = {}): Tensor {
  requirePair("dice", probabilities, target);
  if (!(smooth > 0)) throw new ArgumentError(`dice: smooth is ${smooth}, expected a positive number`);
  if (axis === undefined && probabilities.rank < 2) {
    throw new ShapeError(`dice: prediction is ${formatShape(probabilities.shape)}, expected [N, ...]; for a single region give its axes as axis`);
  }
  const axes = axis ?? probabilities.shape.slice(1).map((_, at) => at + 1);
  const overlap = sum(probabilities.mul(target), axes).mul(2).add(smooth);
  return reduceLosses(overlap.div(sum(probabilities.add(target), axes).add(smooth)).neg().add(1), reduction);
}
