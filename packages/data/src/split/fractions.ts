import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/**
 * The number of items of each split. Sizes are whole numbers that add up to `length`, or fractions that add up to 1. Fractions are
 * rounded down; the remaining items go to the splits with the largest remainders.
 * @throws ArgumentError if sizes do not add up, or a split would be empty.
 */
export function splitSizes(operation: string, length: number, sizes: readonly number[]): number[] {
  const wrong = sizes.findIndex((size) => typeof size !== "number");
  if (wrong >= 0) throw new ArgumentError(`${operation}: size ${wrong} is ${describeValue(sizes[wrong])}, expected a number`);
  const shown = `[${sizes.join(", ")}]`;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length === 0 || sizes.some((size) => !(size > 0))) {
    throw new ArgumentError(`${operation}: sizes ${shown}; expected fractions that add up to 1, or counts, all above 0`);
  }
  if (sizes.every(Number.isInteger) && total === length) return [...sizes];
  if (Math.abs(total - 1) > 1e-9) {
    throw new ArgumentError(`${operation}: sizes ${shown} add up to ${total}; expected fractions that add up to 1, or counts that add up to ${length}`);
  }
  const result = sizes.map((size) => Math.floor(size * length + 1e-9));
  const lost = sizes.map((size, split) => ({ split, loss: size * length - (result[split] as number) })).toSorted((a, b) => b.loss - a.loss || a.split - b.split);
  const left = length - result.reduce((sum, size) => sum + size, 0);
  for (const { split } of lost.slice(0, left)) result[split] = (result[split] as number) + 1;
  if (result.includes(0)) {
    throw new ArgumentError(`${operation}: ${length} items do not split into ${shown}; split ${result.indexOf(0)} would be empty`);
  }
  return result;
}
