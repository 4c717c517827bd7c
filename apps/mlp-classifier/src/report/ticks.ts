/** An interval of an axis. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** The marks of an axis. */
export interface Ticks {
  readonly values: readonly number[];
  /** Number of decimals that distinguishes them. */
  readonly decimals: number;
}

/** The smallest of 1, 2, 5, 10, 20, … times a power of ten that is at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((each) => each * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Round numbers within an extent, at most `most` + 1 of them; `least` is the smallest distance. */
export function ticksWithin({ low, high }: Extent, most: number, least = 0): Ticks {
  if (!(high > low)) return { values: [low], decimals: 2 };
  const step = Math.max(roundStep((high - low) / most), least);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return { values: Array.from({ length: Math.max(0, count) }, (_, at) => Number(((first + at) * step).toFixed(decimals))), decimals };
}

/** The extent, widened to the round numbers around it. */
export function roundExtent({ low, high }: Extent, most: number): Extent {
  if (!(high > low)) return low === 0 ? { low: 0, high: 1 } : { low: low - Math.abs(low) / 10, high: high + Math.abs(high) / 10 };
  const step = roundStep((high - low) / most);
  return { low: Math.floor(low / step + 1e-9) * step, high: Math.ceil(high / step - 1e-9) * step };
}
