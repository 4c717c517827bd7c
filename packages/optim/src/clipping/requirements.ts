import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, requireDType, requireTensor } from "@nn/tensor/extend";

/** Throws unless `gradients` is a list of gradients and `limit` a number that is at least 0. */
export function requireLimit(operation: string, gradients: unknown, limit: unknown): void {
  if (!Array.isArray(gradients)) {
    throw new UsageError(`${operation}: got ${describeValue(gradients)}, expected the list of gradients: \`gradients\` of the result of valueAndGrad`);
  }
  for (const [at, gradient] of gradients.entries()) {
    if (gradient === undefined) continue;
    requireTensor(operation, gradient, `gradient ${at}`);
    requireDType(operation, gradient.dtype, ["float32", "float64"], `gradient ${at}`);
  }
  if (typeof limit === "number" && limit >= 0) return;
  throw new ArgumentError(`${operation}: limit is ${describeValue(limit)}, expected a number, at least 0`);
}
