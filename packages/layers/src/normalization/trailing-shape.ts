import { ArgumentError, type Shape } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** The shape of the normalised last axes; a number means one axis. */
export function trailingShape(operation: string, shape: number | Shape): Shape {
  const sizes = Array.isArray(shape) ? (shape as Shape) : [shape as number];
  if (sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && size > 0)) return [...sizes];
  const found = Array.isArray(shape) ? `[${sizes.map(String).join(", ")}]` : describeValue(shape);
  throw new ArgumentError(`${operation}: shape is ${found}, expected positive whole numbers, the sizes of the last axes`);
}
