import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { dtypes, requireDType, type DType } from "../dtype.js";
import { describeValue } from "../arguments/describe.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { requireRoom } from "../interpreter/room.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { Shape } from "../shape.js";
import type { Generator } from "../random/generator.js";
import type { Tensor } from "../tensor.js";
import { affine } from "./affine.js";

/** Element type of a new tensor. */
export interface CreationOptions {
  /** Default: float32, or the dtype of the tensor whose shape is taken. */
  readonly dtype?: DType | undefined;
  /** Has no effect. It allows `zeros` and `ones` wherever a distribution is accepted, such as for the initial values of layers. */
  readonly generator?: Generator | undefined;
}

/** The kinds of the options. */
export const creationOptions: OptionKinds<CreationOptions> = { dtype: dtypes, generator: "any" };

/**
 * A tensor whose every element is `value`; float32 unless `dtype` says otherwise, bool for a boolean value.
 * @throws DTypeError if the dtype cannot hold the value.
 */
export function full(shape: Shape, value: number | boolean, options: CreationOptions = {}): Tensor {
  return filled("full", shape, value, options, typeof value === "boolean" ? "bool" : "float32");
}

function filled(operation: string, shape: Shape, value: number | boolean, options: CreationOptions, natural: DType): Tensor {
  if (Array.isArray(shape)) requireOptions(operation, options, creationOptions);
  const dtype = options?.dtype ?? natural;
  requireRoom(operation, shape, dtype);
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw new ArgumentError(`${operation}: the value is ${describeValue(value)}, expected a number or a boolean`);
  }
  const number = Number(value);
  if (dtype === "int32" && number !== (number | 0)) {
    throw new DTypeError(`${operation}: ${number} does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1`);
  }
  return apply(primitives.full, [], { shape: [...shape], dtype, value: dtype === "bool" ? Number(number !== 0) : number });
}

/** A tensor of zeros; float32 unless `dtype` says otherwise. */
export function zeros(shape: Shape, options: CreationOptions = {}): Tensor {
  return filled("zeros", shape, 0, options, "float32");
}

/** A tensor of ones; float32 unless `dtype` says otherwise. */
export function ones(shape: Shape, options: CreationOptions = {}): Tensor {
  return filled("ones", shape, 1, options, "float32");
}

/** A tensor of the shape of `x` whose every element is `value`. Its dtype is that of `x`, unless `dtype` is given. */
export function fullLike(x: Tensor, value: number | boolean, options: CreationOptions = {}): Tensor {
  requireTensor("fullLike", x);
  return filled("fullLike", x.shape, value, options, x.dtype);
}

/** Zeros of the shape of `x`, and of its dtype, unless `dtype` is given. */
export function zerosLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("zerosLike", x);
  return filled("zerosLike", x.shape, 0, options, x.dtype);
}

/** Ones of the shape of `x`, and of its dtype, unless `dtype` is given. */
export function onesLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("onesLike", x);
  return filled("onesLike", x.shape, 1, options, x.dtype);
}

/**
 * The numbers `start`, `start + step`, … before `stop`: `arange(stop)`, `arange(start, stop)` or `arange(start, stop, step)`.
 * Computed in float64 and then rounded. float32 unless `dtype` says otherwise, also for whole numbers (PyTorch: int64).
 *
 * @example
 * ```ts
 * import { arange } from "@nn/tensor";
 * arange(3).toArray(); // => [0, 1, 2]
 * arange(1, 2, 0.25).toArray(); // => [1, 1.25, 1.5, 1.75]
 * arange(3, { dtype: "int32" }).dtype; // => "int32"
 * ```
 * @throws ArgumentError if the step is 0 or leads away from `stop`, or the dtype cannot hold the numbers.
 */
export function arange(stop: number, options?: CreationOptions): Tensor;
export function arange(start: number, stop: number, options?: CreationOptions): Tensor;
export function arange(start: number, stop: number, step: number, options?: CreationOptions): Tensor;
export function arange(...given: (number | CreationOptions | undefined)[]): Tensor {
  const { numbers, options } = rangeArguments(given);
  requireOptions("arange", options, creationOptions);
  const { dtype = "float32" } = options ?? {};
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  if (step === 0 || (stop - start) * Math.sign(step) < 0) {
    throw new ArgumentError(`arange: cannot go from ${start} to ${stop} by steps of ${step}`);
  }
  const overflows = !Number.isFinite(stop - start);
  const length = Math.ceil(overflows ? stop / step - start / step : (stop - start) / step);
  const positions = positionsOf("arange", length, [start, step, start + step * Math.max(0, length - 1)], dtype);
  return castTo(overflows ? apply(primitives.mul, [affine(positions, step / 2, start / 2), scalar(2, positions.dtype)], {}) : affine(positions, step, start), dtype);
}

/** One to three numbers, and the options after them, if there are any. */
function rangeArguments(given: readonly (number | CreationOptions | undefined)[]): { readonly numbers: number[]; readonly options: CreationOptions | undefined } {
  const last = given.findLastIndex((each) => each !== undefined);
  const options = given[last];
  const count = Math.max(1, typeof options === "number" || last === 0 ? last + 1 : last);
  if (count > 3) throw new ArgumentError(`arange: got ${count} numbers, expected a start, a stop and a step at most`);
  const names = count === 1 ? ["stop"] : ["start", "stop", "step"];
  const numbers = Array.from({ length: count }, (_, at) => {
    requireKind("arange", names[at] as string, given[at], "finite");
    return given[at] as number;
  });
  return { numbers, options: typeof options === "number" ? undefined : options };
}

/**
 * `count` numbers from `start` to `stop`, both included, at equal distances. Computed in float64 and then rounded.
 *
 * @example
 * ```ts
 * import { linspace } from "@nn/tensor";
 * linspace(0, 1, 5).toArray(); // => [0, 0.25, 0.5, 0.75, 1]
 * ```
 * @throws ArgumentError unless start and stop are finite and the count is a non-negative whole number.
 */
export function linspace(start: number, stop: number, count: number, options: CreationOptions = {}): Tensor {
  requireKind("linspace", "start", start, "finite");
  requireKind("linspace", "stop", stop, "finite");
  requireKind("linspace", "count", count, "size");
  requireOptions("linspace", options, creationOptions);
  const { dtype = "float32" } = options;
  const step = count < 2 ? 0 : stepBetween(start, stop, count - 1);
  const positions = positionsOf("linspace", count, [start, step, stop], dtype);
  if (step === 0 || positions.dtype === "int32") return castTo(affine(positions, step, start), dtype);
  // The second half is counted from the end, so that the last number is `stop` itself.
  const fromEnd = apply(primitives.sub, [scalar(count - 1, "float64"), positions], {});
  const half = apply(primitives.less, [positions, scalar(count / 2, "float64")], {});
  return castTo(apply(primitives.select, [half, affine(positions, step, start), affine(fromEnd, -step, stop)], {}), dtype);
}

/** `(stop − start) / steps`, also if the difference overflows. With one step, an overflowing result is not used. */
function stepBetween(start: number, stop: number, steps: number): number {
  const step = Number.isFinite(stop - start) ? (stop - start) / steps : stop / steps - start / steps;
  return Number.isFinite(step) ? step : 1;
}

/** 0, 1, … in the dtype to compute in: int32 for whole numbers, because compiled code computes four of them at a time, else float64. */
function positionsOf(operation: string, length: number, numbers: readonly number[], dtype: DType): Tensor {
  if (dtype === "bool") throw new DTypeError(`${operation}: dtype bool cannot hold a range of numbers; use int32 or a float`);
  requireRoom(operation, [length], dtype);
  const areWhole = numbers.every((number) => number === (number | 0));
  if (dtype === "int32" && !areWhole) {
    throw new DTypeError(`${operation}: the numbers ${numbers.join(", ")} (first, step, last) do not fit into int32; use a float dtype`);
  }
  return apply(primitives.iota, [], { length, dtype: areWhole ? "int32" : "float64" });
}

/**
 * Rows with a one at the position of the label and zeros elsewhere: labels (int32) of any shape become `[..., classes]`.
 * float32 unless `dtype` says otherwise (PyTorch: int64).
 *
 * @example
 * ```ts
 * import { oneHot, tensor } from "@nn/tensor";
 * oneHot(tensor([2, 0], { dtype: "int32" }), 3).toArray(); // => [[0, 0, 1], [1, 0, 0]]
 * ```
 * @throws DTypeError if the labels are not int32.
 * @throws ArgumentError for a label outside of 0 … classes − 1.
 */
export function oneHot(labels: Tensor, classes: number, options: CreationOptions = {}): Tensor {
  requireTensor("oneHot", labels, "labels");
  requireDType("oneHot", labels.dtype, ["int32"], "labels");
  requireKind("oneHot", "classes", classes, "size");
  requireOptions("oneHot", options, creationOptions);
  const { dtype = "float32" } = options;
  requireRoom("oneHot", [...labels.shape, classes], dtype);
  const range = apply(primitives.iota, [], { length: classes, dtype: "int32" });
  // Labels are looked up in the range of the classes, so that a label out of range is an error in a compiled function too.
  const flat = apply(primitives.reshape, [labels], { shape: [labels.size] });
  const within = apply(primitives.gather, [range, flat], { axis: 0, report: { operation: "oneHot", shape: labels.shape } });
  const column = apply(primitives.reshape, [within], { shape: [...labels.shape, 1] });
  return castTo(apply(primitives.equal, [column, range], {}), dtype);
}
