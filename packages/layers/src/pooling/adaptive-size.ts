import { ArgumentError, type AdaptiveSize } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { SpatialAxes } from "../spatial.js";

/** Refuses anything but one size for all spatial axes or one size for each. */
export function requireAdaptiveSize(operation: string, axes: SpatialAxes, size: AdaptiveSize): void {
  const list: readonly unknown[] = Array.isArray(size) ? size : new Array<unknown>(axes).fill(size);
  if (list.length === axes && list.every((each) => each === null || (Number.isSafeInteger(each) && (each as number) > 0))) return;
  const found = Array.isArray(size) ? `[${size.map(describeValue).join(", ")}]` : describeValue(size);
  throw new ArgumentError(`${operation}: size is ${found}, expected a positive whole number, null to keep an axis, or ${axes} of them, one for each spatial axis`);
}
