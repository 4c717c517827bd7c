import type { Summary } from "../measure/statistics.js";
import type { Cost, Unit } from "../workloads/workload.js";

/** Between a number and its unit, and around signs: a line does not break there. */
export const space = "\u00A0";

/** Three significant digits, never in exponential notation. */
export function significant(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  // Of the rounded value: 0.996 is 1.0 with two digits.
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  return value.toFixed(Math.min(20, Math.max(0, decimals)));
}

/** `12.3 µs`, `1.71 ms`, `2.05 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${significant(milliseconds * 1000)}${space}µs`;
  if (milliseconds < 1000) return `${significant(milliseconds)}${space}ms`;
  return `${significant(milliseconds / 1000)}${space}s`;
}

/** A value in the unit of its result. */
export function quantity(value: number, unit: Unit): string {
  if (unit === "ms") return duration(value);
  if (unit === "MB") return `${Math.round(value)}${space}MB`;
  return Math.abs(value) < 0.005 ? "0" : value.toFixed(2);
}

/** `0.45x` */
export function factor(value: number): string {
  return `${significant(value, 2)}x`;
}

/** `62 %` */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}${space}%`;
}

/** `1.68 ms – 1.80 ms`, the quartiles. */
export function spread({ lower, upper }: Pick<Summary, "lower" | "upper">, write: (value: number) => string): string {
  return `${write(lower)}${space}–${space}${write(upper)}`;
}

/** How fast that is: `38.1 GFLOP/s`, `11.2 GB/s`. */
export function rate(cost: Cost, milliseconds: number): string {
  return cost.kind === "arithmetic" ? `${significant(cost.flops / milliseconds / 1e6)}${space}GFLOP/s` : `${significant(cost.bytes / milliseconds / 1e6)}${space}GB/s`;
}
