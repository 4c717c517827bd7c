import type { Histogram } from "../summaries/histogram.js";

/** Something worth knowing about a run, in words. */
export interface Finding {
  /** Whether the run is likely to fail of it, or may be better without it. */
  readonly severity: "problem" | "hint";
  /** What it is about: a layer, a scalar. */
  readonly subject: string;
  /** What was seen. */
  readonly text: string;
  /** What often helps: the end of a sentence that begins so. */
  readonly advice: string;
}

/** What findings are made from. */
export interface Evidence {
  /** The latest histogram of each name, in the order in which the names first came: that of the layers. */
  readonly histograms: ReadonlyMap<string, Histogram>;
  readonly scalars: ReadonlyMap<string, { readonly steps: readonly number[]; readonly values: readonly number[] }>;
  /** The share of saturated activations by place, where it was measured. Elsewhere their histogram tells, as far as it can. */
  readonly saturation?: ReadonlyMap<string, number> | undefined;
}

/** The histograms of a kind, by path: of `"gradients"`, `hidden.weight` for `gradients/hidden.weight`. */
export function ofKind({ histograms }: Evidence, kind: string): (readonly [path: string, histogram: Histogram])[] {
  const prefix = `${kind}/`;
  return [...histograms].filter(([name]) => name.startsWith(prefix)).map(([name, histogram]) => [name.slice(prefix.length), histogram]);
}

/** How many values a histogram has in its bins. */
export const countOf = ({ counts }: Pick<Histogram, "counts">): number => counts.reduce((sum, each) => sum + each, 0);

/** The root of the mean square. */
export const magnitudeOf = ({ mean, deviation }: Pick<Histogram, "mean" | "deviation">): number => Math.hypot(mean, deviation);

export const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`;
