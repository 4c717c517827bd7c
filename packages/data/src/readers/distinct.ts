import { ArgumentError } from "@nn/tensor";
import { quote } from "@nn/tensor/extend";

/** The first name that occurs twice. */
export function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/**
 * Refuses a list with the same name twice.
 * @throws ArgumentError such as `Table: two columns have the name "age"`.
 */
export function requireDistinct(operation: string, what: string, names: readonly string[]): void {
  const twice = firstRepeated(names);
  if (twice !== undefined) throw new ArgumentError(`${operation}: ${what} the name ${quote(twice)}`);
}
