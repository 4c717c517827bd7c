/** The summary of a series of measurements: the median, and the quartiles for its spread. */
export interface Summary {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** The value below which a fraction `q` of the values lies, interpolated linearly between neighbours (type 7 of Hyndman and Fan 1996). */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError("quantile: there are no values");
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

/** The median and the quartiles; `undefined` if there are no values. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  return { median: quantile(values, 0.5), lower: quantile(values, 0.25), upper: quantile(values, 0.75), count: values.length };
}

/** One competitor's measurements by round; `undefined` for rounds that it skipped. */
export type Series = readonly (number | undefined)[];

/** The values of the rounds that were not skipped. */
export function present(series: Series): readonly number[] {
  return series.filter((value) => value !== undefined);
}

/** The ratios of two series in the rounds that both took part in. Whatever slows down or speeds up both cancels. */
export function ratios(numerator: Series, denominator: Series): readonly number[] {
  return numerator.flatMap((value, round) => {
    const other = denominator[round];
    return value === undefined || other === undefined ? [] : [value / other];
  });
}
