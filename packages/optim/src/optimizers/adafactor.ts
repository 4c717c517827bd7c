import { ArgumentError, clamp, matmul, maximum, mean, minimum, norm, rsqrt, square, zeros, zerosLike, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireRange } from "../requirements.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Adafactor}. */
export interface AdafactorOptions extends WeightDecayOptions {
  /** Power of the step: the newest gradient enters the second moment with the weight `t^decayPower`; default −0.8. */
  readonly decayPower?: number | undefined;
  /** Lower bound of the root of the second moment; default `"precision"`: 2⁻²³ for float32 and 2⁻⁵² for float64. */
  readonly epsilon?: number | "precision" | undefined;
  /** The step is scaled by the root mean square of the parameter; this is its lower bound. Default 1e-3. */
  readonly smallestScale?: number | undefined;
  /** The root mean square above which an update is scaled down; default 1. */
  readonly threshold?: number | undefined;
}

/** State of {@link adafactor}: means of the second moment over rows and over columns; for a vector or scalar the whole second moment. */
export type AdafactorState =
  | { readonly rows: Tensor; readonly columns: Tensor; readonly secondMoment?: undefined }
  | { readonly secondMoment: Tensor; readonly rows?: undefined; readonly columns?: undefined };

/**
 * Adafactor (Shazeer and Stern 2018): Adam with the second moment of a matrix stored as the product of a row and a column factor,
 * so that the state takes hardly any memory. With `β = 1 − t^decayPower`:
 * `r ← β r + (1 − β) rowMeans(g²)`, `c ← β c + (1 − β) columnMeans(g²)`, `v = r c / mean(r)`, `u = g / √v`,
 * `x ← x − min(η, 1/√t) · max(smallestScale, rms(x)) · u / max(1, rms(u) / threshold)`.
 * In a parameter with more than two axes, the last two are the matrices.
 */
export const adafactor: UpdateRule<AdafactorState, Complete<AdafactorOptions>> = {
  options: { decayPower: "finite", epsilon: "any", smallestScale: "nonNegative", threshold: "positive", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => {
    const { shape, rank, dtype } = parameter;
    if (rank < 2) return { secondMoment: zerosLike(parameter) };
    const without = (axis: number): Tensor => zeros(shape.with(axis, 1), { dtype });
    return { rows: without(rank - 1), columns: without(rank - 2) };
  },
  update: (context) => {
    const { parameter: original, state, learningRate, atStep, options: { decayPower, epsilon, smallestScale, threshold } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const smallest = epsilon === "precision" ? precision[original.dtype === "float64" ? "float64" : "float32"] : epsilon;
    const entering = atStep((t) => t ** decayPower);
    const towards = (before: Tensor, value: Tensor): Tensor => before.add(value.sub(before).mul(entering));

    const squares = square(gradient);
    const next: AdafactorState = state.secondMoment === undefined
      ? { rows: towards(state.rows, mean(squares, -1, { keepAxes: true })), columns: towards(state.columns, mean(squares, -2, { keepAxes: true })) }
      : { secondMoment: towards(state.secondMoment, squares) };
    const variance = next.secondMoment ?? matmul(next.rows, next.columns).div(maximum(mean(next.rows, -2, { keepAxes: true }), smallest));
    const update = rsqrt(clamp(variance, smallest ** 2)).mul(gradient);
    const rate = minimum(learningRate, atStep((t) => 1 / Math.sqrt(t))).mul(maximum(rootMeanSquare(original), smallestScale));
    const excess = maximum(rootMeanSquare(update).div(threshold), 1);
    return { parameter: parameter.sub(update.mul(rate.div(excess))), state: next };
  },
};

/** The distance from 1 to the next larger number. */
const precision = { float32: 2 ** -23, float64: 2 ** -52 } as const;

function rootMeanSquare(x: Tensor): Tensor {
  return norm(x).div(Math.sqrt(x.size));
}

const defaults: Complete<AdafactorOptions> & LearningRateOptions = {
  learningRate: 0.01, decayPower: -0.8, epsilon: "precision", smallestScale: 1e-3, threshold: 1,
  weightDecay: 0, decoupledWeightDecay: true, maximize: false,
};

/**
 * Adafactor: see {@link adafactor}. The learning rate, 0.01 by default, is the largest relative step; the weight decay is decoupled.
 *
 * The formula is PyTorch's (2.5 and later), where our `decayPower`, `[epsilon, smallestScale]` and `threshold` are `beta2_decay`, `eps` and
 * `d`. The paper and TensorFlow add ε to the squares of the gradient instead of bounding the root, and have a fixed
 * learning rate of 0.01, PyTorch's default.
 * @throws ArgumentError for options out of range.
 */
export class Adafactor extends Optimizer<AdafactorState, Complete<AdafactorOptions>> {
  constructor(parameters: ParametersOrGroups<AdafactorOptions>, options: AdafactorOptions & Partial<LearningRateOptions> = {}) {
    super(adafactor, parameters, options, defaults);
    for (const { options: { decayPower, epsilon, threshold } } of this.groups) {
      if (decayPower > 0) throw new ArgumentError(`Adafactor: decayPower is ${decayPower}, expected a finite number, at most 0`);
      requireRange("Adafactor", { threshold }, 1, Infinity);
      if (typeof epsilon === "number") requireRange("Adafactor", { epsilon }, 0, Infinity);
      else requireKind("Adafactor", "epsilon", epsilon, ["precision"]);
    }
  }
}
