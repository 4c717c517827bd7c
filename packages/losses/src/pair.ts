import { DTypeError, ShapeError, type Tensor } from "@nn/tensor";
import { broadcastShapes, formatShape, requireDType, requireTensor, sameShape } from "@nn/tensor/extend";
import { requireNumbers } from "./elements.js";

/** Refuses a prediction and a target unless they have the same shape and floating-point dtype: broadcasting would hide a mistake. */
export function requirePair(operation: string, prediction: Tensor, target: Tensor): void {
  requireAlike(operation, { prediction, target });
}

/** Refuses tensors, given by name, unless they have the same shape and floating-point dtype. */
export function requireAlike(operation: string, tensors: Readonly<Record<string, Tensor>>): void {
  for (const [name, each] of Object.entries(tensors)) requireTensor(operation, each, name);
  const [[firstName, first], ...others] = Object.entries(tensors) as [[string, Tensor], ...[string, Tensor][]];
  for (const [name, { shape }] of others) {
    if (!sameShape(first.shape, shape)) {
      throw new ShapeError(`${operation}: ${firstName} ${formatShape(first.shape)} and ${name} ${formatShape(shape)} differ in shape; reshape or expand one`);
    }
  }
  requireDType(operation, first.dtype, ["float32", "float64"], firstName);
  for (const [name, each] of others) requireDTypeOf(operation, first, firstName, each, name);
}

/** Refuses a tensor whose dtype differs from that of another. */
export function requireDTypeOf(operation: string, first: Tensor, firstName: string, each: Tensor, name: string): void {
  if (each.dtype === first.dtype) return;
  throw new DTypeError(`${operation}: ${name} has dtype ${each.dtype}, expected ${first.dtype} as the ${firstName}; convert it with .cast("${first.dtype}")`);
}

/** Refuses factors of the losses that would give the result another shape. */
export function requireFactor(operation: string, prediction: Tensor, factor: Tensor | undefined, name: string): void {
  if (factor === undefined) return;
  requireTensor(operation, factor, name);
  if (!sameShape(broadcastShapes(operation, [prediction.shape, factor.shape]), prediction.shape)) {
    throw new ShapeError(`${operation}: ${name} is ${formatShape(factor.shape)}, which does not broadcast to the prediction's ${formatShape(prediction.shape)}`);
  }
  requireNumbers(operation, factor, name);
}
