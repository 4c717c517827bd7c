import { ArgumentError, formatShape, ShapeError, type Shape, type Tensor } from "@nn/tensor";

/** The shape of the last axes that a normalisation is over, given as a number for one axis. */
export function trailingShape(operation: string, shape: number | Shape): Shape {
  const sizes = typeof shape === "number" ? [shape] : [...shape];
  if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new ArgumentError(`${operation}: shape is ${typeof shape === "number" ? shape : formatShape(shape)}, expected positive whole numbers, the sizes of the last axes`);
  }
  return sizes;
}

/** The last axes of a tensor, which must have the given sizes. */
export function trailingAxes(operation: string, x: Tensor, shape: Shape): number[] {
  const first = x.rank - shape.length;
  if (first < 0 || formatShape(x.shape.slice(first)) !== formatShape(shape)) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [..., ${shape.join(", ")}]`);
  }
  return shape.map((_, axis) => first + axis);
}
