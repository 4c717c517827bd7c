import { ArgumentError, UsageError } from "@nn/tensor";

/** Refuses what is no list of gradients, and a limit that is negative or NaN. */
export function requireLimit(operation: string, gradients: unknown, limit: unknown): void {
  if (!Array.isArray(gradients)) {
    throw new UsageError(`${operation}: got ${typeof gradients}, expected the list of gradients: \`gradients\` of what valueAndGrad gives`);
  }
  if (typeof limit === "number" && limit >= 0) return;
  throw new ArgumentError(`${operation}: limit is ${String(limit)}, expected a number, at least 0`);
}
