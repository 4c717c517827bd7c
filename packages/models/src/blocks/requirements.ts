import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";

/**
 * Refuses a list that does not consist of positive whole numbers.
 * @throws ArgumentError that names the operation and the option.
 */
export function requireCounts(operation: string, name: string, counts: unknown, length?: number): void {
  requireKind(operation, name, counts, "list");
  const list = counts as readonly unknown[];
  const wrong = list.findIndex((each) => !Number.isSafeInteger(each) || Number(each) < 1);
  if (wrong >= 0) throw new ArgumentError(`${operation}: ${name} has ${describeValue(list[wrong])}, expected positive whole numbers`);
  if (length !== undefined ? list.length !== length : list.length === 0) {
    throw new ArgumentError(`${operation}: ${name} has ${list.length} ${list.length === 1 ? "entry" : "entries"}, expected ${length ?? "at least one"}`);
  }
}

/**
 * Refuses options without those that have no default.
 * @throws ArgumentError that names the operation and the first option that is missing.
 */
export function requireGiven(operation: string, options: object | undefined, names: readonly string[]): void {
  const missing = names.find((name) => options === undefined || Reflect.get(options, name) === undefined);
  if (missing !== undefined) throw new ArgumentError(`${operation}: the option ${missing} is missing; it has no default`);
}

/**
 * Refuses a list of stages that is empty or has something else than lists.
 * @throws ArgumentError that names the operation and the option.
 */
export function requireStages<Stage extends readonly unknown[]>(operation: string, name: string, stages: readonly Stage[]): readonly Stage[] {
  requireKind(operation, name, stages, "list");
  if (stages.length === 0) throw new ArgumentError(`${operation}: ${name} is empty, expected at least one stage`);
  for (const stage of stages) requireKind(operation, `a stage of ${name}`, stage, "list");
  return stages;
}
