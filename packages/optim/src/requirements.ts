import { ArgumentError } from "@nn/tensor";
import type { Schedule } from "./learning-rate.js";

/** Refuses numbers outside of `low` up to but not including `high`; what a schedule gives is seen later. */
export function requireRange(owner: string, values: Readonly<Record<string, number | Schedule>>, low: number, high: number): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "function" || (value >= low && value < high)) continue;
    const range = high === Infinity ? `a finite number, at least ${low}` : `a number, at least ${low} and below ${high}`;
    throw new ArgumentError(`${owner}: ${name} is ${value}, expected ${range}`);
  }
}

/** Refuses what is no positive whole number. */
export function requireCount(owner: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 1) throw new ArgumentError(`${owner}: ${name} is ${value}, expected a positive whole number`);
  }
}
