import { describeValue } from "../arguments/describe.js";
import { didYouMean } from "../arguments/nearest.js";
import { requireKind } from "../arguments/kinds.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { requireTensor } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import type { Padding } from "../primitives/attributes.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { squeeze, unsqueeze } from "./shape.js";

/** One whole number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];

/** Padding of convolutions: one amount for both sides of all axes, or for each axis an amount or a `[low, high]` pair. */
export type SpatialPadding = number | readonly (number | readonly [low: number, high: number])[];

/** A number for each spatial axis, each a whole number of at least `least`. */
export function perAxis(operation: string, name: string, value: PerAxis, axes: number, least: number): number[] {
  requireKind(operation, "the name", name, "string");
  requireKind(operation, "axes", axes, "count");
  requireKind(operation, "least", least, "integer");
  const list = Array.isArray(value) ? [...(value as readonly number[])] : new Array<number>(axes).fill(value as number);
  if (list.length !== axes) {
    throw new ArgumentError(`${operation}: ${name} is ${formatList(list)}, expected a number or ${axes} of them, one for each spatial axis`);
  }
  if (list.some((each) => !Number.isSafeInteger(each) || each < least)) {
    throw new ArgumentError(`${operation}: ${name} is ${Array.isArray(value) ? formatList(list) : describeValue(value)}, expected whole numbers, at least ${least}`);
  }
  return list;
}

/** The largest new size of an axis: a table of its elements has to fit into memory. */
const longestAxis = 2 ** 24;

/** Throws for sizes that are too large for an axis. */
export function requireSpatial(operation: string, sizes: readonly number[]): void {
  const long = sizes.find((size) => !(size <= longestAxis));
  if (long !== undefined) throw new ShapeError(`${operation}: a spatial axis would become ${long} long, expected at most ${longestAxis}`);
}

/** Formats a list of any values for an error message. */
export function formatList(values: readonly unknown[]): string {
  return `[${Array.from(values, (value) => (typeof value === "number" ? String(value) : describeValue(value))).join(", ")}]`;
}

/** A `[low, high]` pair for each spatial axis; `"valid"` is no padding. */
export function paddingPerAxis(operation: string, value: SpatialPadding | "valid", axes: number): Padding {
  requireKind(operation, "axes", axes, "count");
  if (typeof value === "string" && value !== "valid") throw new ArgumentError(`${operation}: padding is ${describeValue(value)}, expected numbers, "same" or "valid"${didYouMean(value, ["same", "valid"])}`);
  const list = Array.isArray(value) ? (value as readonly (number | readonly [number, number])[]) : new Array<number>(axes).fill(value === "valid" ? 0 : (value as number));
  if (list.length !== axes) {
    throw new ArgumentError(`${operation}: padding has ${list.length} entries, expected a number or ${axes} entries, one for each spatial axis`);
  }
  return list.map((entry) => {
    const [low, high] = Array.isArray(entry) && entry.length === 2 ? (entry as readonly [number, number]) : [entry as number, entry as number];
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low < 0 || high < 0) {
      throw new ArgumentError(`${operation}: padding ${Array.isArray(entry) ? formatList(entry) : describeValue(entry)}, expected whole numbers, at least 0`);
    }
    return [low, high] as const;
  });
}

/** Applies a function of `[N, C, …spatial]`; an input without the batch axis gets one of size 1 that is dropped again. */
export function withBatch(operation: string, x: Tensor, axes: number, apply: (batched: Tensor) => Tensor): Tensor {
  requireTensor(operation, x);
  if (x.rank === axes + 2) return inNameOf(operation, () => apply(x));
  if (x.rank === axes + 1) return squeeze(inNameOf(operation, () => apply(unsqueeze(x, 0))), 0);
  const names = ["L", "H, W", "D, H, W"][axes - 1];
  throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [N, C, ${names}] or [C, ${names}]`);
}
