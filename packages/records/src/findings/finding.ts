import type { Histogram } from "../summaries/histogram.js";

/** A finding about a run, in words: a likely problem, or a possible improvement. */
export interface Finding {
  /** `"problem"`: the run is likely to fail because of it. `"hint"`: the run may be better without it. */
  readonly severity: "problem" | "hint";
  /** The layer or scalar that it is about. */
  readonly subject: string;
  /** The observation. */
  readonly text: string;
  /** A frequent remedy. It completes the sentence "What often helps: …". */
  readonly advice: string;
}

/** The data from which findings are derived. */
export interface Evidence {
  /** The latest histogram of each name. Names are in the order of their first occurrence, which is that of the layers. */
  readonly histograms: ReadonlyMap<string, Histogram>;
  readonly scalars: ReadonlyMap<string, { readonly steps: readonly number[]; readonly values: readonly number[] }>;
  /** The fraction of saturated activations by path, if it was measured. Otherwise it is estimated from their histogram. */
  readonly saturation?: ReadonlyMap<string, number> | undefined;
}

/** The histograms of a kind, by path: of `"gradients"`, `hidden.weight` for `gradients/hidden.weight`. */
export function ofKind({ histograms }: Evidence, kind: string): (readonly [path: string, histogram: Histogram])[] {
  const prefix = `${kind}/`;
  return [...histograms].filter(([name]) => name.startsWith(prefix)).map(([name, histogram]) => [name.slice(prefix.length), histogram]);
}

/** The number of values in the bins of a histogram. */
export const countOf = ({ counts }: Pick<Histogram, "counts">): number => counts.reduce((sum, each) => sum + each, 0);

/** The root mean square. */
export const magnitudeOf = ({ mean, deviation }: Pick<Histogram, "mean" | "deviation">): number => Math.hypot(mean, deviation);

export const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`;
