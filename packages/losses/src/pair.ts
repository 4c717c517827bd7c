import { broadcastShapes, DTypeError, formatShape, isFloat, requireTensor, sameShape, ShapeError, type Tensor } from "@nn/tensor";

/** Refuses a prediction and a target that are not of one shape and one floating-point dtype: broadcasting would hide a mistake. */
export function requirePair(operation: string, prediction: Tensor, target: Tensor): void {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  if (!sameShape(prediction.shape, target.shape)) {
    throw new ShapeError(
      `${operation}: prediction ${formatShape(prediction.shape)} and target ${formatShape(target.shape)} differ in shape; reshape or expand one`,
    );
  }
  if (!isFloat(prediction.dtype)) throw new DTypeError(`${operation}: prediction has dtype ${prediction.dtype}, expected float32 or float64`);
  if (target.dtype !== prediction.dtype) {
    throw new DTypeError(`${operation}: target has dtype ${target.dtype}, expected ${prediction.dtype} as the prediction; convert it with .cast("${prediction.dtype}")`);
  }
}

/** Refuses factors of the losses that would give the result another shape. */
export function requireFactor(operation: string, prediction: Tensor, factor: Tensor | undefined, name: string): void {
  if (factor === undefined) return;
  requireTensor(operation, factor, name);
  if (!sameShape(broadcastShapes(operation, [prediction.shape, factor.shape]), prediction.shape)) {
    throw new ShapeError(`${operation}: ${name} is ${formatShape(factor.shape)}, which does not broadcast to the prediction's ${formatShape(prediction.shape)}`);
  }
}
