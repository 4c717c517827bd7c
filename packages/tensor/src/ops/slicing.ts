import { describeValue } from "../arguments/describe.js";
import { requireKind } from "../arguments/kinds.js";
import { isRecord, requireOptions, type OptionKinds } from "../arguments/options.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape, normalizeAxis, subShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { numberList } from "./lists.js";
import { flip, reshape } from "./shape.js";

/** `start`, `start + step`, … before `stop`, as in Python: negative indices count from the end, absent ones mean "all". */
export interface Range {
  readonly start?: number | null | undefined;
  readonly stop?: number | null | undefined;
  /** Default 1; negative steps walk backwards. */
  readonly step?: number | null | undefined;
}

/**
 * What {@link slice} takes for an axis: an index (which drops the axis), a range, `null` or `undefined` for all of the axis;
 * `"..."` stands for as many whole axes as are left, `"newAxis"` inserts an axis of size 1.
 */
export type Index = number | Range | null | undefined | "..." | "newAxis";

/** What the primitive takes of an axis: indices counted from the front, in increasing order. */
interface ForwardRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/**
 * A part of a tensor, as `x[…]` in NumPy and PyTorch, with one index for each axis. Axes without an index are taken whole. Ranges are
 * clamped to the axis; single indices are not. Unlike in PyTorch, steps may be negative.
 *
 * @example
 * ```ts
 * import { arange, reshape, slice } from "@nn/tensor";
 * const x = reshape(arange(6), [2, 3]);
 * slice(x, [1]).toArray(); // => [3, 4, 5]
 * slice(x, [null, { start: 1 }]).toArray(); // => [[1, 2], [4, 5]]
 * slice(x, ["...", { step: -1 }]).toArray(); // => [[2, 1, 0], [5, 4, 3]]
 * ```
 * @throws ArgumentError if there are more indices than axes, an index is out of range, or a step is 0.
 */
export function slice(x: Tensor, indices: readonly Index[]): Tensor {
  requireTensor("slice", x);
  requireKind("slice", "indices", indices, "list");
  const ranges: ForwardRange[] = [];
  const reversed: number[] = [];
  const shape: number[] = [];
  for (const index of spelledOut(x, indices)) {
    if (index === "newAxis") {
      shape.push(1);
      continue;
    }
    const axis = ranges.length;
    if (typeof index === "number") {
      ranges.push(oneIndex("slice", x, axis, index));
      continue;
    }
    const range = forward(axis, index ?? {}, x.shape[axis] as number);
    ranges.push(range);
    shape.push(Math.ceil((range.stop - range.start) / range.step));
    if (Number(index?.step) < 0) reversed.push(axis);
  }
  return reshape(flip(taken(x, ranges), reversed), shape);
}

/** One index for each axis, in order, with new axes between them. */
function spelledOut(x: Tensor, given: readonly Index[]): readonly Exclude<Index, "...">[] {
  const rank = x.shape.length;
  // Gaps of a sparse array also stand for whole axes.
  const indices = Array.from(given);
  const named = indices.filter((index) => index !== "newAxis" && index !== "...").length;
  if (named > rank) {
    throw new ArgumentError(`slice: ${named} ${named === 1 ? "index" : "indices"} for ${formatShape(x.shape)}, which has rank ${rank}`);
  }
  if (indices.indexOf("...") !== indices.lastIndexOf("...")) throw new ArgumentError('slice: "..." may occur only once');
  const rest = new Array<null>(rank - named).fill(null);
  const complete = indices.includes("...") ? indices : [...indices, "..." as const];
  return complete.flatMap((index) => (index === "..." ? rest : [index]));
}

function oneIndex(operation: string, x: Tensor, axis: number, index: number): ForwardRange {
  const length = x.shape[axis] as number;
  if (!Number.isInteger(index) || index < -length || index >= length) {
    const expected = length === 0 ? "the axis is empty" : `expected a whole number from ${-length} to ${length - 1}`;
    throw new ArgumentError(`${operation}: index ${typeof index === "number" ? index : describeValue(index)} is out of range on axis ${axis} of ${formatShape(x.shape)}; ${expected}`);
  }
  const start = index < 0 ? index + length : index;
  return { start, stop: start + 1, step: 1 };
}

const rangeParts: OptionKinds<{ start: unknown; stop: unknown; step: unknown }> = { start: "any", stop: "any", step: "any" };

/** Throws for a value that is not a range, such as an array, and for an unknown field. */
function requireRange(axis: number, range: Range): void {
  if (!isRecord(range)) {
    const several = typeof range === "object" ? "; to take several positions, call indexSelect" : "";
    throw new ArgumentError(`slice: index on axis ${axis} is ${describeValue(range)}, expected an index or a range { start, stop, step }${several}`);
  }
  requireOptions("slice", range, rangeParts);
}

/** The elements that a range takes, by Python's rules: defaults of bounds depend on the direction, and given bounds are clamped. */
function forward(axis: number, range: Range, length: number): ForwardRange {
  requireRange(axis, range);
  const { start, stop, step: given } = range;
  const step = given ?? 1;
  for (const [name, value] of Object.entries({ start, stop, step })) {
    if (value !== null && value !== undefined) requireKind("slice", name, value, "integer");
  }
  if (step === 0) throw new ArgumentError("slice: step is 0, expected a whole number other than 0");
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamped = (index: number | null | undefined, absent: number): number =>
    index === null || index === undefined ? absent : clampIndex(index, length, low, high);
  const first = clamped(start, step > 0 ? low : high);
  const count = Math.ceil((clamped(stop, step > 0 ? high : low) - first) / step);
  if (count <= 0) return { start: 0, stop: 0, step: 1 };
  const last = first + (count - 1) * step;
  return { start: Math.min(first, last), stop: Math.max(first, last) + 1, step: Math.abs(step) };
}

function clampIndex(index: number, length: number, low: number, high: number): number {
  return Math.min(Math.max(index < 0 ? index + length : index, low), high);
}

function taken(x: Tensor, ranges: readonly ForwardRange[]): Tensor {
  const whole = ranges.every(({ start, stop, step }, axis) => start === 0 && stop === x.shape[axis] && step === 1);
  if (whole) return x;
  return apply(primitives.slice, [x], {
    starts: ranges.map(({ start }) => start),
    stops: ranges.map(({ stop }) => stop),
    steps: ranges.map(({ step }) => step),
  });
}

/**
 * `length` elements along `axis` from `start` on.
 * @throws ArgumentError if the part does not lie within the axis (unlike in {@link slice}, nothing is clamped).
 */
export function narrow(x: Tensor, axis: number, start: number, length: number): Tensor {
  requireTensor("narrow", x);
  const at = normalizeAxis("narrow", axis, x.shape.length);
  const size = x.shape[at] as number;
  requireKind("narrow", "start", start, "integer");
  requireKind("narrow", "length", length, "integer");
  const from = start < 0 ? start + size : start;
  if (from < 0 || length < 0 || from + length > size) {
    throw new ArgumentError(`narrow: start ${start} and length ${length} do not lie within axis ${axis} of ${formatShape(x.shape)}`);
  }
  return part(x, at, from, from + length);
}

/**
 * The part of `x` at one index of `axis`, without that axis.
 * @throws ArgumentError if the index is out of range.
 */
export function select(x: Tensor, axis: number, index: number): Tensor {
  requireTensor("select", x);
  const at = normalizeAxis("select", axis, x.shape.length);
  return reshape(alongAxis(x, at, oneIndex("select", x, at, index)), subShape(x.shape, 0).toSpliced(at, 1));
}

/** Elements `start` … `stop` − 1 of one axis; all of the others. */
function part(x: Tensor, axis: number, start: number, stop: number): Tensor {
  return alongAxis(x, axis, { start, stop, step: 1 });
}

function alongAxis(x: Tensor, axis: number, range: ForwardRange): Tensor {
  return taken(x, x.shape.map((length, at) => (at === axis ? range : { start: 0, stop: length, step: 1 })));
}

/** The parts that {@link split} gives: as many as there are sizes in a list. */
export type SplitResult<S extends number | readonly number[]> = S extends readonly number[] ? { -readonly [At in keyof S]: Tensor } : Tensor[];

/**
 * Splits into consecutive parts along `axis`: of `sizes` elements each (the last may be smaller), or of the listed sizes.
 *
 * @example
 * ```ts
 * import { arange, split } from "@nn/tensor";
 * split(arange(5), 2).map((part) => part.toArray()); // => [[0, 1], [2, 3], [4]]
 * const [head, tail] = split(arange(5), [1, 4]);
[head.toArray(), tail.toArray()]; // => [[0], [1, 2, 3, 4]]
 * ```
 * @throws ShapeError if listed sizes do not add up to the size of the axis.
 */
export function split<const S extends number | readonly number[]>(x: Tensor, sizes: S, axis?: number): SplitResult<S>;
export function split(x: Tensor, sizes: number | readonly number[], axis = 0): Tensor[] {
  requireTensor("split", x);
  const at = normalizeAxis("split", axis, x.shape.length);
  const length = x.shape[at] as number;
  if (typeof sizes === "number") {
    requireKind("split", "size", sizes, "count");
    const count = Math.max(1, Math.ceil(length / sizes));
    return Array.from({ length: count }, (_, number) => part(x, at, number * sizes, Math.min(length, (number + 1) * sizes)));
  }
  numberList("split", "sizes", sizes, "size");
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== length) {
    throw new ShapeError(`split: sizes ${formatShape(sizes)} add up to ${total}, but axis ${axis} of ${formatShape(x.shape)} has ${length}`);
  }
  let start = 0;
  return sizes.map((size) => part(x, at, start, (start += size)));
}

/**
 * Splits into at most `count` parts along `axis`, each of ⌈size / count⌉ elements but the last, as in PyTorch. {@link tensorSplit} gives
 * exactly `count` parts, whose sizes differ by at most one.
 * @throws ArgumentError if `count` is not a positive whole number.
 */
export function chunk(x: Tensor, count: number, axis = 0): Tensor[] {
  requireTensor("chunk", x);
  const at = normalizeAxis("chunk", axis, x.shape.length);
  requireKind("chunk", "count", count, "count");
  return split(x, Math.max(1, Math.ceil((x.shape[at] as number) / count)), at);
}

/**
 * Splits along `axis` into `parts` parts whose sizes differ by at most one, or before each of the listed indices.
 * @throws ArgumentError if the number of parts is not a positive whole number.
 */
export function tensorSplit(x: Tensor, parts: number | readonly number[], axis = 0): Tensor[] {
  requireTensor("tensorSplit", x);
  const at = normalizeAxis("tensorSplit", axis, x.shape.length);
  const length = x.shape[at] as number;
  if (typeof parts === "number") {
    requireKind("tensorSplit", "parts", parts, "count");
    return split(x, Array.from({ length: parts }, (_, number) => Math.floor(length / parts) + (number < length % parts ? 1 : 0)), at);
  }
  const cuts = [0, ...numberList("tensorSplit", "parts", parts, "integer"), length].map((index) => clampIndex(index, length, 0, length));
  return cuts.slice(1).map((stop, number) => part(x, at, cuts[number] as number, Math.max(cuts[number] as number, stop)));
}

/** The slices along `axis`, each without that axis. */
export function unbind(x: Tensor, axis = 0): Tensor[] {
  requireTensor("unbind", x);
  const at = normalizeAxis("unbind", axis, x.shape.length);
  return Array.from({ length: x.shape[at] as number }, (_, index) => select(x, at, index));
}
