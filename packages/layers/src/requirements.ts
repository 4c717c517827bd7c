import type { Tensor } from "@nn/tensor";
import { requireDType, requireKind, requireTensor } from "@nn/tensor/extend";

/** Refuses counts (sizes, numbers of layers, groups …) that are not positive whole numbers. */
export function requireCounts(operation: string, counts: Readonly<Record<string, unknown>>): void {
  for (const [name, count] of Object.entries(counts)) requireKind(operation, name, count, "count");
}

/** Refuses bools, and values that are not tensors. */
export function requireNumbers(operation: string, x: Tensor): void {
  requireTensor(operation, x);
  requireDType(operation, x.dtype, ["float32", "float64", "int32"]);
}

/** Refuses tensors of other dtypes than float32 and float64, and values that are not tensors. */
export function requireFloat(operation: string, x: Tensor): void {
  requireTensor(operation, x);
  requireDType(operation, x.dtype, ["float32", "float64"]);
}
