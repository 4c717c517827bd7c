import { ArgumentError, ShapeError } from "../errors.js";
import { bind } from "../interpreter.js";
import { castTo, requireTensor, resultDType } from "../operand.js";
import { formatShape, normalizeAxis, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { unsqueeze } from "./shape.js";

/**
 * Joins tensors along an axis that they have; their dtypes promote.
 *
 * @example
 * ```ts
 * import { concat, tensor } from "@nn/tensor";
 * concat([tensor([1, 2]), tensor([3])]).toArray(); // => [1, 2, 3]
 * ```
 * @throws ShapeError if the tensors differ in rank or outside the axis.
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ArgumentError("concat: needs at least one tensor");
  tensors.forEach((each, at) => requireTensor("concat", each, `input ${at}`));
  if (first.shape.length === 0) throw new ShapeError("concat: scalars have no axis to join along; use stack");
  const at = normalizeAxis("concat", axis, first.shape.length);
  const dtype = resultDType("concat", tensors);
  return tensors.length === 1 ? first : bind("concat", tensors.map((each) => castTo(each, dtype)), { axis: at });
}

/**
 * Joins tensors of one shape along a new axis.
 *
 * @example
 * ```ts
 * import { stack, tensor } from "@nn/tensor";
 * stack([tensor([1, 2]), tensor([3, 4])]).toArray(); // => [[1, 2], [3, 4]]
 * ```
 * @throws ShapeError if the shapes differ.
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ArgumentError("stack: needs at least one tensor");
  tensors.forEach((each, at) => requireTensor("stack", each, `input ${at}`));
  if (tensors.some((each) => !sameShape(each.shape, first.shape))) {
    throw new ShapeError(`stack: shapes ${tensors.map((each) => formatShape(each.shape)).join(", ")} differ; use concat along an axis that they have`);
  }
  const at = normalizeAxis("stack", axis, first.shape.length + 1);
  return concat(tensors.map((each) => unsqueeze(each, at)), at);
}
