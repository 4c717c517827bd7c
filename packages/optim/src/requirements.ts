import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";

/** Throws unless the value is a number from `low` to below `high`, or a schedule. Results of schedules are checked when they are used. */
export function requireRange(owner: string, values: Readonly<Record<string, unknown>>, low: number, high: number): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "function" || (typeof value === "number" && value >= low && value < high)) continue;
    const range = high === Infinity ? `a finite number, at least ${low}` : `a number, at least ${low} and below ${high}`;
    throw new ArgumentError(`${owner}: ${name} is ${describeValue(value)}, expected ${range}`);
  }
}

/** Throws unless the value is a finite number, at least 0. For numbers that schedules take and return. */
export function requireRates(owner: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) requireKind(owner, name, value, "nonNegative");
}

/** Throws unless the value is a positive integer. */
export function requireCount(owner: string, counts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(counts)) requireKind(owner, name, value, "count");
}

/** The options; throws if a required one is missing. */
export function withRequired<Options extends object>(owner: string, name: keyof Options & string, options: Options, kind: "count" | "size" | "nonNegative" | "list" = "count"): Options {
  requireKind(owner, name, (options as Options | undefined)?.[name], kind);
  return options;
}

/** Throws unless the value is a list of steps. */
export function requireMilestones(owner: string, milestones: readonly unknown[]): void {
  for (const [at, milestone] of milestones.entries()) requireKind(owner, `milestones[${at}]`, milestone, "nonNegative");
}

/** Throws unless the value is a list of `count` finite numbers. */
export function requireNumbers(owner: string, name: string, numbers: readonly unknown[], count: number): void {
  if (numbers.length !== count) throw new ArgumentError(`${owner}: ${name} has ${numbers.length} numbers, expected ${count}`);
  for (const [at, value] of numbers.entries()) requireKind(owner, `${name}[${at}]`, value, "finite");
}
