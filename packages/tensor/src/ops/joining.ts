import { describeValue } from "../arguments/describe.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, resultDType } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { formatShape, normalizeAxis, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { reshape, unsqueeze } from "./shape.js";

/**
 * Joins tensors along an existing axis; their dtypes promote.
 *
 * @example
 * ```ts
 * import { concat, tensor } from "@nn/tensor";
 * concat([tensor([1, 2]), tensor([3])]).toArray(); // => [1, 2, 3]
 * ```
 * @throws ShapeError if the tensors differ in rank or outside the axis.
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = requireTensors("concat", tensors);
  if (first.shape.length === 0) throw new ShapeError("concat: scalars have no axis to join along; use stack");
  return joined("concat", tensors, normalizeAxis("concat", axis, first.shape.length));
}

function joined(operation: string, tensors: readonly Tensor[], axis: number): Tensor {
  const first = requireTensors(operation, tensors);
  if (tensors.length === 1) return first;
  const fits = tensors.every(({ shape }) => shape.length === first.shape.length && shape.every((length, at) => at === axis || length === first.shape[at]));
  if (!fits) throw new ShapeError(`${operation}: ${tensors.map((each) => formatShape(each.shape)).join(", ")} differ in rank or outside axis ${axis}`);
  const dtype = resultDType(operation, tensors);
  return inNameOf(operation, () => apply(primitives.concat, tensors.map((each) => castTo(each, dtype)), { axis }));
}

/**
 * Joins tensors of one shape along a new axis; their dtypes promote.
 *
 * @example
 * ```ts
 * import { stack, tensor } from "@nn/tensor";
 * stack([tensor([1, 2]), tensor([3, 4])]).toArray(); // => [[1, 2], [3, 4]]
 * ```
 * @throws ShapeError if the shapes differ.
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = requireTensors("stack", tensors);
  if (tensors.some((each) => !sameShape(each.shape, first.shape))) {
    throw new ShapeError(`stack: shapes ${tensors.map((each) => formatShape(each.shape)).join(", ")} differ; use concat along an axis that they have`);
  }
  const at = normalizeAxis("stack", axis, first.shape.length + 1);
  return joined("stack", tensors.map((each) => unsqueeze(each, at)), at);
}

/** Joins tensors side by side: vectors along their axis, others along the second axis. Scalars count as `[1]`. */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const first = requireTensors("hstack", tensors);
  return joined("hstack", tensors.map((each) => atLeast(each, 1)), first.shape.length < 2 ? 0 : 1);
}

/** Joins tensors along the first axis, one above the other. Vectors count as rows `[1, n]`. */
export function vstack(tensors: readonly Tensor[]): Tensor {
  requireTensors("vstack", tensors);
  return joined("vstack", tensors.map((each) => atLeast(each, 2)), 0);
}

/** Joins tensors along the third axis, one behind the other. Vectors count as `[1, n, 1]`, matrices as `[m, n, 1]`. */
export function dstack(tensors: readonly Tensor[]): Tensor {
  requireTensors("dstack", tensors);
  return joined("dstack", tensors.map((each) => atLeast(each, 3)), 2);
}

/** Adds axes of size 1, before those of a vector and after those of a matrix, as the stacking functions of NumPy do. */
function atLeast(x: Tensor, rank: 1 | 2 | 3): Tensor {
  const missing = rank - x.shape.length;
  if (missing <= 0) return x;
  if (rank === 3) return reshape(atLeast(x, 2), [...atLeast(x, 2).shape, 1]);
  return reshape(x, [...new Array<number>(missing).fill(1), ...x.shape]);
}

/** Throws unless `tensors` is a list of at least one tensor. Returns the first one. */
export function requireTensors(operation: string, tensors: readonly Tensor[]): Tensor {
  if (!Array.isArray(tensors)) throw new ArgumentError(`${operation}: the first argument is ${describeValue(tensors)}, expected an array of tensors`);
  for (const [at, each] of tensors.entries()) requireTensor(operation, each, `input ${at}`);
  const [first] = tensors;
  if (first === undefined) throw new ArgumentError(`${operation}: needs at least one tensor`);
  return first;
}
