import { ArgumentError, ShapeError, type Shape, type Tensor } from "@nn/tensor";
import { describeValue, formatShape } from "@nn/tensor/extend";

/** The shape of the last axes that a normalisation is over, given as a number for one axis. */
export function trailingShape(operation: string, shape: number | Shape): Shape {
  const sizes = Array.isArray(shape) ? (shape as Shape) : [shape as number];
  if (sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && size > 0)) return [...sizes];
  const found = Array.isArray(shape) ? `[${sizes.map(String).join(", ")}]` : describeValue(shape);
  throw new ArgumentError(`${operation}: shape is ${found}, expected positive whole numbers, the sizes of the last axes`);
}

/** The last axes of a tensor, which must have the given sizes. */
export function trailingAxes(operation: string, x: Tensor, shape: Shape): number[] {
  const first = x.rank - shape.length;
  if (first < 0 || formatShape(x.shape.slice(first)) !== formatShape(shape)) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [..., ${shape.join(", ")}]`);
  }
  return shape.map((_, axis) => first + axis);
}
