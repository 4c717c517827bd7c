/** A piece of a series that is drawn together: its first and its last place, and those of its least and its largest value; none if it has no value. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly extremes: readonly number[];
}

/**
 * The places of values, from 0, in at most `most` buckets of equal size. A line through the extremes of each bucket, in their order, has all peaks of the whole line, however many
 * values there are.
 */
export function bucketsOf(values: readonly (number | null)[], most: number): readonly Bucket[] {
  const size = Math.max(1, Math.ceil(values.length / most));
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) => {
    const [from, to] = [at * size, Math.min(values.length, (at + 1) * size) - 1];
    return { from, to, extremes: extremesOf(values, from, to) };
  });
}

/** Where the least and the largest value from place to place are, in their order; the same place counts once. */
function extremesOf(values: readonly (number | null)[], from: number, to: number): readonly number[] {
  let [least, most]: [number | undefined, number | undefined] = [undefined, undefined];
  for (let at = from; at <= to; at++) {
    const value = values[at];
    if (value === null || value === undefined) continue;
    if (least === undefined || value < (values[least] ?? value)) least = at;
    if (most === undefined || value > (values[most] ?? value)) most = at;
  }
  if (least === undefined || most === undefined) return [];
  return least === most ? [least] : [Math.min(least, most), Math.max(least, most)];
}

/** The places of values that a line goes through, as runs without a gap: the extremes of each bucket, and the last value. */
export function thinned(values: readonly (number | null)[], most: number): readonly (readonly number[])[] {
  const runs: number[][] = [];
  const kept = bucketsOf(values, most).flatMap(({ extremes }) => extremes);
  const last = values.findLastIndex((value) => value !== null);
  if (last >= 0 && kept.at(-1) !== last) kept.push(last);
  for (const [index, at] of kept.entries()) {
    const before = index === 0 ? undefined : kept[index - 1];
    const isGap = before === undefined || values.slice(before, at).includes(null);
    if (isGap) runs.push([at]);
    else runs.at(-1)?.push(at);
  }
  return runs;
}
