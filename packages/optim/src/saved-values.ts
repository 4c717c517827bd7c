import { UsageError } from "@nn/tensor";
import { describeValue, isPlainObject } from "@nn/tensor/extend";

/** Whether a value is a count: an integer, at least 0. */
export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether a value is a list of counts. */
export function isListOfCounts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isCount);
}

/** Whether a value is a saved learning rate: a finite number, at least 0, or `null` for a schedule. */
export function isRate(value: unknown): boolean {
  return value === null || (Number.isFinite(value) && (value as number) >= 0);
}

/** Throws unless the value is a state dictionary with valid fields. Runs before anything is loaded. */
export function requireStateDict(owner: string, from: unknown, values: Readonly<Record<string, (value: unknown) => boolean>>): void {
  if (!isPlainObject(from)) throw new UsageError(`${owner}.loadStateDict: got ${describeValue(from)}, expected a result of stateDict()`);
  refuseMisfits(owner, Object.entries(values).flatMap(([name, isRight]) => (isRight(from[name]) ? [] : [`${name} is ${describe(from[name])}`])));
}

/** Throws an error that lists the complaints, if there are any. */
export function refuseMisfits(owner: string, complaints: readonly string[]): void {
  if (complaints.length > 0) throw new UsageError(`${owner}.loadStateDict: the state dictionary does not fit\n  ${complaints.join("\n  ")}`);
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(describeValue).join(", ")}]` : describeValue(value);
}
