import { ArgumentError } from "@nn/tensor";

/** Refuses counts (sizes, numbers of layers, groups …) that are not positive whole numbers. */
export function requireCounts(operation: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 1) throw new ArgumentError(`${operation}: ${name} is ${count}, expected a positive whole number`);
  }
}
