import { reshape, type Shape, type Tensor } from "@nn/tensor";
import { apply, castTo, sameShape } from "@nn/tensor/extend";
import type { TensorType } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";

/** Sums a gradient over the axes that broadcasting added or enlarged, and casts it to the shape and dtype of its tensor. */
export function unbroadcast(gradient: Tensor, { shape, dtype }: TensorType): Tensor {
  return castTo(sumTo(gradient, shape), dtype);
}

/** The adjoint of broadcasting `shape` to the gradient's shape. */
function sumTo(gradient: Tensor, shape: Shape): Tensor {
  if (sameShape(gradient.shape, shape)) return gradient;
  const leading = gradient.rank - shape.length;
  const broadcast = (axis: number): boolean => axis < leading || (shape[axis - leading] === 1 && gradient.shape[axis] !== 1);
  const axes = gradient.shape.flatMap((_, axis) => (broadcast(axis) ? [axis] : []));
  return reshape(axes.length === 0 ? gradient : apply(primitives.sum, [gradient], { axes }), shape);
}
