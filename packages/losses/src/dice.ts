import { ShapeError, sum, type Axes, type Tensor } from "@nn/tensor";
import { formatShape, normalizeAxes } from "@nn/tensor/extend";
import { chances, within } from "./elements.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link dice}. */
export interface DiceOptions extends LossOptions {
  /** Added to numerator and denominator, so that an empty prediction of an empty region costs 0; default 1. */
  readonly smooth?: number | undefined;
  /** The axes that a region extends over. Default: all but the first, one region for each sample. `[2, 3]` gives one for each class of an image. */
  readonly axis?: Axes;
}

const diceOptions: OwnKinds<DiceOptions> = { smooth: "positive", axis: "any" };

/**
 * One minus the overlap of a predicted region and the true one, the coefficient of Dice (1945) with probabilities as membership:
 * `1 − (2 Σ p t + s) / (Σ p + Σ t + s)`. It suits segmentation in which most pixels belong to no region (Milletari et al. 2016, who
 * square the terms of the denominator). Not in PyTorch.
 *
 * Shapes: probabilities and target (0 to 1) `[N, …]`; losses `[N]`, or the shape without the given axes.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { dice } from "@nn/losses";
 * const masks = tensor([[1, 1, 0, 0], [0, 0, 0, 0]]);
 * dice(tensor([[1, 0, 0, 0], [0, 0, 0, 0]]), masks, { reduction: "none" }).toArray(); // => [0.25, 0]
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for numbers outside of 0 to 1, or unless smooth is positive.
 */
export function dice(probabilities: Tensor, target: Tensor, options: DiceOptions = {}): Tensor {
  requireLossOptions("dice", options, diceOptions);
  requirePair("dice", probabilities, target);
  const { smooth = 1, axis, reduction } = options;
  if (axis === undefined && probabilities.rank < 2) {
    throw new ShapeError(`dice: prediction is ${formatShape(probabilities.shape)}, expected [N, ...]; for a single region give its axes as axis`);
  }
  const axes = axis === undefined ? probabilities.shape.slice(1).map((_, at) => at + 1) : normalizeAxes("dice", axis, probabilities.rank);
  const [found, wanted] = [within("dice", probabilities, "probability", 0, 1), chances("dice", target)];
  const overlap = sum(found.mul(wanted), axes).mul(2).add(smooth);
  return reduceLosses(overlap.div(sum(found.add(wanted), axes).add(smooth)).neg().add(1), reduction);
}
