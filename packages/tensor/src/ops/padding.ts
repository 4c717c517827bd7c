import { describeValue } from "../arguments/describe.js";
import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fittingNumber } from "./fitting.js";
import { flip } from "./shape.js";
import { narrow } from "./slicing.js";
import { formatList } from "./spatial.js";

/** How many elements to add before and after an axis. Negative numbers remove elements. */
export type PadWidth = readonly [before: number, after: number];

/** What the new elements are. */
export interface PadOptions {
  /**
   * `"constant"` (default): `value`. `"reflect"`: mirrored at the first and last element, which are not repeated. `"symmetric"`: mirrored
   * at the edges, so the first and last element are repeated. `"replicate"`: the first and the last element. `"circular"`: the elements of
   * the other end.
   */
  readonly mode?: "constant" | "reflect" | "symmetric" | "replicate" | "circular" | undefined;
  /** The value for the mode `"constant"`; default 0. */
  readonly value?: number | undefined;
}

const padOptions: OptionKinds<Omit<PadOptions, "value">> & { readonly value: "any" } = { mode: ["constant", "reflect", "symmetric", "replicate", "circular"], value: "any" };

/**
 * Adds elements around a tensor. `widths` holds a pair for each of the *last* axes, in the order of the axes: `[[1, 2]]` pads
 * the last axis, `[[1, 1], [0, 2]]` the last two. (PyTorch takes a flat list that starts with the last axis.)
 *
 * @example
 * ```ts
 * import { pad, tensor } from "@nn/tensor";
 * pad(tensor([1, 2, 3]), [[1, 2]]).toArray(); // => [0, 1, 2, 3, 0, 0]
 * pad(tensor([1, 2, 3]), [[2, 1]], { mode: "reflect" }).toArray(); // => [3, 2, 1, 2, 3, 2]
 * pad(tensor([1, 2, 3]), [[2, 1]], { mode: "symmetric" }).toArray(); // => [2, 1, 1, 2, 3, 3]
 * ```
 * @throws ShapeError if the mode `"reflect"`, `"symmetric"` or `"circular"` needs more elements than the axis has.
 * @throws DTypeError if the value does not fit into the dtype.
 */
export function pad(x: Tensor, widths: readonly PadWidth[], options: PadOptions = {}): Tensor {
  requireTensor("pad", x);
  requireKind("pad", "widths", widths, "list");
  requireOptions("pad", options, padOptions);
  const { mode = "constant", value: given = 0 } = options;
  const value = fittingNumber("pad", "value", given, x.dtype);
  const offset = x.shape.length - widths.length;
  if (offset < 0) throw new ArgumentError(`pad: ${widths.length} pairs of widths for ${formatShape(x.shape)}, which has rank ${x.shape.length}`);
  for (const [axis, pair] of widths.entries()) {
    const isPair = Array.isArray(pair) && pair.length === 2 && pair.every(Number.isSafeInteger);
    if (!isPair) throw new ArgumentError(`pad: widths[${axis}] is ${Array.isArray(pair) ? formatList(pair) : describeValue(pair)}, expected a pair of whole numbers, before and after`);
  }
  const pairs: readonly PadWidth[] = x.shape.map((_, axis) => widths[axis - offset] ?? [0, 0]);
  const cropped = pairs.reduce((kept, pair, axis) => crop(kept, axis, pair), x);
  const grown = pairs.map(([before, after]): PadWidth => [Math.max(0, before), Math.max(0, after)]);
  if (mode !== "constant") return grown.reduce((padded, pair, axis) => padAxis(padded, axis, pair, mode), cropped);
  if (grown.every(([before, after]) => before === 0 && after === 0)) return cropped;
  return apply(primitives.pad, [cropped], {
    low: grown.map(([before]) => before),
    high: grown.map(([, after]) => after),
    interior: grown.map(() => 0),
    value,
  });
}

/** Removes elements where widths are negative. */
function crop(x: Tensor, axis: number, [before, after]: PadWidth): Tensor {
  const length = x.shape[axis] as number;
  const start = Math.max(0, -before);
  const kept = length - start - Math.max(0, -after);
  if (kept < 0) throw new ShapeError(`pad: widths [${before}, ${after}] take more than the ${length} elements of axis ${axis} of ${formatShape(x.shape)}`);
  return kept === length ? x : narrow(x, axis, start, kept);
}

/** Pads one axis with elements of the tensor itself. */
function padAxis(x: Tensor, axis: number, [before, after]: PadWidth, mode: "reflect" | "symmetric" | "replicate" | "circular"): Tensor {
  if (before === 0 && after === 0) return x;
  const length = x.shape[axis] as number;
  const available = { reflect: length - 1, symmetric: length, replicate: length === 0 ? 0 : Infinity, circular: length }[mode];
  if (before > available || after > available) {
    throw new ShapeError(
      `pad: widths [${before}, ${after}] on axis ${axis} of ${formatShape(x.shape)} exceed what mode "${mode}" can take from it: ${Math.max(0, available)}`,
    );
  }
  const [first, last] = {
    reflect: () => [flip(narrow(x, axis, 1, before), axis), flip(narrow(x, axis, length - 1 - after, after), axis)] as const,
    symmetric: () => [flip(narrow(x, axis, 0, before), axis), flip(narrow(x, axis, length - after, after), axis)] as const,
    replicate: () => [repeated(narrow(x, axis, 0, 1), axis, before), repeated(narrow(x, axis, length - 1, 1), axis, after)] as const,
    circular: () => [narrow(x, axis, length - before, before), narrow(x, axis, 0, after)] as const,
  }[mode]();
  return apply(primitives.concat, [first, x, last].filter((part) => part.shape[axis] !== 0), { axis });
}

function repeated(x: Tensor, axis: number, times: number): Tensor {
  return apply(primitives.expand, [x], { shape: x.shape.with(axis, times) });
}
