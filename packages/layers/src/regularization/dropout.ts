import { ArgumentError, bernoulli, ShapeError, where, zerosLike, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireKind, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";

/** Sets elements to zero with a probability and scales the others so that the expectation is unchanged. Draws once for each element of the shape `units`, which broadcasts. */
export function drop(x: Tensor, probability: number, units: Shape, random: RandomOptions): Tensor {
  if (probability === 0) return x;
  if (probability === 1) return zerosLike(x);
  const kept = bernoulli(1 - probability, units, { generator: random.generator, dtype: "bool" });
  return where(kept, x.div(1 - probability), 0);
}

/** Options of `Dropout` and `AlphaDropout`. */
export interface DropoutOptions extends RandomOptions {
  /**
   * The number of draws along each axis of the input: 1 keeps or drops all elements along the axis together; the size of the axis, or
   * `null`, draws for each of them. `[null, 1, null]` drops whole features of `[N, steps, features]`. Default: one draw for each element.
   */
  readonly noiseShape?: readonly (number | null)[] | undefined;
}

const dropoutOptions: OptionKinds<DropoutOptions> = { noiseShape: "list", generator: "any" };

/** Refuses wrong options and keeps the others. */
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
 * is unchanged (Srivastava et al. 2014). In evaluation mode it returns the input.
 *
 * Shapes: output as input. With `noiseShape`, elements share a draw along each axis where it is 1.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @throws ShapeError if `noiseShape` does not fit the input.
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
