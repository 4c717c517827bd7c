import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { isThenable } from "./collate.js";

/**
 * Returns the item that a callback returned, or the promise of one.
 * @throws UsageError if it is undefined, as after a forgotten `return`. A promise of undefined is rejected with this error.
 */
export function requireItem<Item>(item: Item, describe: () => string): Item {
  if (item === undefined) throw new UsageError(`${describe()} is undefined; return the item, or null for none`);
  if (!isThenable(item)) return item;
  const checked: unknown = item.then((value: unknown) => requireItem(value, describe));
  return checked as Item;
}

/** Returns the result of a predicate. @throws UsageError if it is neither true nor false. */
export function requireAnswer(operation: string, answer: unknown, index: number): boolean {
  if (typeof answer === "boolean") return answer;
  const fix = isThenable(answer) ? "; a promise is accepted by IterableDataset.filter only" : "";
  throw new UsageError(`${operation}: the predicate returned ${isThenable(answer) ? "a promise" : describeValue(answer)} for item ${index}, expected true or false${fix}`);
}
