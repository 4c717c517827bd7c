import type { DType } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { bind } from "../interpreter.js";
import { castTo, requireTensor, scalar } from "../operand.js";
import { requireShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Element type of a new tensor. */
export interface CreationOptions {
  /** Default float32, or that of the tensor whose shape is taken over. */
  readonly dtype?: DType;
}

/** A tensor whose every element is `value`; float32 unless `dtype` says otherwise, bool for a boolean value. */
export function full(shape: Shape, value: number | boolean, { dtype = typeof value === "boolean" ? "bool" : "float32" }: CreationOptions = {}): Tensor {
  requireShape("full", shape);
  return bind("full", [], { shape: [...shape], dtype, value: Number(value) });
}

/** A tensor of zeros; float32 unless `dtype` says otherwise. */
export function zeros(shape: Shape, options: CreationOptions = {}): Tensor {
  requireShape("zeros", shape);
  return full(shape, 0, options);
}

/** A tensor of ones; float32 unless `dtype` says otherwise. */
export function ones(shape: Shape, options: CreationOptions = {}): Tensor {
  requireShape("ones", shape);
  return full(shape, 1, options);
}

/** A tensor of the shape (and unless `dtype` is given the dtype) of `x` whose every element is `value`. */
export function fullLike(x: Tensor, value: number | boolean, { dtype = x.dtype }: CreationOptions = {}): Tensor {
  requireTensor("fullLike", x);
  return full(x.shape, value, { dtype });
}

/** Zeros of the shape (and unless `dtype` is given the dtype) of `x`. */
export function zerosLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("zerosLike", x);
  return fullLike(x, 0, options);
}

/** Ones of the shape (and unless `dtype` is given the dtype) of `x`. */
export function onesLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("onesLike", x);
  return fullLike(x, 1, options);
}

/** Which numbers {@link arange} gives. */
export interface ArangeOptions extends CreationOptions {
  /** The first number; default 0. */
  readonly start?: number;
  /** The distance of neighbours, may be negative; default 1. */
  readonly step?: number;
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
 * @throws ArgumentError if the step is 0 or leads away from `stop`.
 */
export function arange(stop: number, options?: CreationOptions): Tensor;
export function arange(start: number, stop: number, options?: CreationOptions): Tensor;
export function arange(start: number, stop: number, step: number, options?: CreationOptions): Tensor;
export function arange(...given: (number | CreationOptions | undefined)[]): Tensor {
  const numbers = given.filter((each) => typeof each === "number");
  const { dtype = "float32" } = given.find((each) => typeof each === "object") ?? {};
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  if (![start, stop, step].every(Number.isFinite) || step === 0 || (stop - start) / step < 0) {
    throw new ArgumentError(`arange: cannot go from ${start} to ${stop} by steps of ${step}`);
  }
  return ramp("arange", start, step, Math.ceil((stop - start) / step), dtype);
}

/** `start + i · step` in float64, rounded to `dtype`. */
function ramp(operation: string, start: number, step: number, length: number, dtype: DType): Tensor {
  if (dtype === "bool") throw new ArgumentError(`${operation}: dtype bool cannot hold a range of numbers`);
  if (start === 0 && step === 1) return bind("iota", [], { length, dtype });
  const places = bind("iota", [], { length, dtype: "float64" });
  const scaled = bind("mul", [places, scalar(step, "float64")], {});
  return castTo(bind("add", [scaled, scalar(start, "float64")], {}), dtype);
}
