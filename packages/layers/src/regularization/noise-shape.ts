import { ArgumentError, formatShape, ShapeError, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";
import { describeValue, type OptionKinds } from "@nn/tensor/extend";
import type { Module } from "../module.js";
import { takeOptions } from "../options.js";

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
