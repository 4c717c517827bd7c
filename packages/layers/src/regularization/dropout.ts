import { ArgumentError, bernoulli, ShapeError, where, zerosLike, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireKind, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";

/** Sets elements to zero with a probability and scales the others so that the expectation stays; a draw for each element of `units`, which broadcasts. */
export function drop(x: Tensor, probability: number, units: Shape, random: RandomOptions): Tensor {
  if (probability === 0) return x;
  if (probability === 1) return zerosLike(x);
  const kept = bernoulli(1 - probability, units, { generator: random.generator, dtype: "bool" });
  return where(kept, x.div(1 - probability), 0);
}

/** Options of `Dropout` and `AlphaDropout`. */
export interface DropoutOptions extends RandomOptions {
  /**
   * For each axis of the input the number of draws: 1, so that all elements along it are kept or dropped together, or its size, also written
   * as `null`. `[null, 1, null]` drops whole features of `[N, steps, features]`. Default: one draw for each element.
   */
  readonly noiseShape?: readonly (number | null)[] | undefined;
}

const dropoutOptions: OptionKinds<DropoutOptions> = { noiseShape: "list", generator: "any" };

/** Refuses options that are wrong, and notes the others. */
export function takeDropout(operation: string, module: Module, options: DropoutOptions): void {
  takeOptions(operation, module, options, dropoutOptions);
  for (const each of options.noiseShape ?? []) {
    if (each === null || (Number.isSafeInteger(each) && each > 0)) continue;
    throw new ArgumentError(`${operation}: a size of noiseShape is ${describeValue(each)}, expected 1, the size of the axis, or null for that`);
  }
}

/** The shape of the draws for an input. */
export function unitsOf(operation: string, x: Tensor, { noiseShape }: DropoutOptions): Shape {
  if (noiseShape === undefined) return x.shape;
  const units = noiseShape.map((each, axis) => each ?? x.shape[axis] ?? 0);
  if (units.length === x.rank && units.every((each, axis) => each === 1 || each === x.shape[axis])) return units;
  const expected = noiseShape.map((each) => each ?? "any").join(", ");
  throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, but noiseShape is [${expected}]; its sizes are 1 or those of the input, one for each axis`);
}

/**
 * Sets each element to zero with a probability and scales the others by `1 / (1 − probability)`, so that the expectation
 * stays; in evaluation mode the input itself (Srivastava et al. 2014).
 *
 * Shapes: output as input. With `noiseShape` elements share a draw along the axes where it is 1.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @throws ShapeError if the input does not have the noise's shape.
 */
export class Dropout extends Module {
  readonly probability: number;
  readonly #options: DropoutOptions;

  constructor(probability = 0.5, options: DropoutOptions = {}) {
    super();
    requireKind("Dropout", "probability", probability, "probability");
    takeDropout("Dropout", this, options);
    this.probability = probability;
    this.#options = { ...options };
  }

  forward(x: Tensor): Tensor {
    requireFloat("Dropout", x);
    return this.training ? drop(x, this.probability, unitsOf("Dropout", x, this.#options), this.#options) : x;
  }
}
