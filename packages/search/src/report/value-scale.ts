import { ticksWithin } from "./numbers.js";

/** The scale of an axis of values: 0 is its low end, 1 its high end. */
export interface ValueScale {
  readonly at: (value: number) => number;
  /** Whether a value is drawn at the end of the axis, because it lies beyond. */
  readonly isBeyond: (value: number) => boolean;
  readonly ticks: readonly number[];
}

/** The largest fraction of values that may lie beyond the axis. Otherwise a few bad values would press all others together. */
const outliers = 0.1;

/**
 * The scale for the values of trials. Where a few bad values are far away (more than four times as far as the others), they are drawn at the end of the axis.
 * `sign` is 1 where small values are good, else −1.
 */
export function valueScale(values: readonly number[], sign: 1 | -1): ValueScale {
  // Differences of the largest numbers there are would be infinite.
  const unit = values.some((value) => Math.abs(value) > 1e300) ? 1e30 : 1;
  const sorted = values.map((value) => value / unit).toSorted((a, b) => sign * (a - b));
  const [best = 0, worst = 1] = [sorted[0], sorted.at(-1)];
  const usual = sorted[Math.ceil(sorted.length * (1 - outliers)) - 1] ?? worst;
  const end = Math.abs(worst - best) > 4 * Math.abs(usual - best) && usual !== best ? usual : worst;
  const [low, high] = best === end ? [best - Math.max(1e-6, Math.abs(best)) / 2, best + Math.max(1e-6, Math.abs(best)) / 2] : [Math.min(best, end), Math.max(best, end)];
  const room = (high - low) * 0.04;
  const [from, to] = [low - room, high + room];
  const place = (value: number): number => (value / unit - from) / (to - from);
  return {
    at: (value) => Math.min(Math.max(place(value), 0), 1),
    isBeyond: (value) => place(value) < 0 || place(value) > 1,
    ticks: ticksWithin(from, to, 5).map((tick) => tick * unit).filter(Number.isFinite),
  };
}
