import { ArgumentError, requireDType, type Tensor } from "@nn/tensor";

/** Refuses counts (sizes, numbers of layers, groups …) that are not positive whole numbers. */
export function requireCounts(operation: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 1) throw new ArgumentError(`${operation}: ${name} is ${count}, expected a positive whole number`);
  }
}

/** Refuses probabilities that are none. */
export function requireProbability(operation: string, probability: number): void {
  if (!(probability >= 0 && probability <= 1)) throw new ArgumentError(`${operation}: probability is ${probability}, expected 0 to 1`);
}

/** Refuses tensors of other dtypes than float32 and float64. */
export function requireFloat(operation: string, x: Tensor): void {
  requireDType(operation, x.dtype, ["float32", "float64"]);
}
