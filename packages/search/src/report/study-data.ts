import { dimensionsOf, type Dimension, type Point } from "../space/dimension.js";
import { encode } from "../space/encoding.js";
import type { Space } from "../space/parameters.js";
import type { Study } from "../study/study.js";

/** A trial as the charts show it. */
export interface ShownTrial {
  readonly number: number;
  readonly value: number;
  readonly point: Point;
  /** 1 for the best, 0 for the worst, by rank. */
  readonly quality: number;
  /** Whether it is the best. */
  readonly isFirst: boolean;
}

/** The data that the sections of a report show. */
export interface StudyData {
  readonly dimensions: readonly Dimension[];
  /** Completed trials, in the order of their numbers. */
  readonly trials: readonly ShownTrial[];
  /** Pruned trials that reported a value, with the last one. */
  readonly pruned: readonly Pick<ShownTrial, "number" | "value">[];
  readonly all: Study["trials"];
  /** 1 where small values are good, else −1. */
  readonly sign: 1 | -1;
}

export function studyData<S extends Space>({ space, trials, direction }: Pick<Study<S>, "space" | "trials" | "direction">): StudyData {
  const dimensions = dimensionsOf(space);
  const sign = direction === "minimize" ? 1 : -1;
  const completed = trials.filter((trial) => trial.state === "completed");
  const ranked = completed.toSorted((a, b) => sign * (a.value - b.value) || a.number - b.number);
  const rank = new Map(ranked.map(({ number }, index) => [number, index]));
  const shown = completed.map(({ number, value, parameters }) => ({
    number, value, point: encode("studyReport", space, dimensions, parameters),
    quality: 1 - (rank.get(number) ?? 0) / Math.max(1, completed.length - 1), isFirst: rank.get(number) === 0,
  }));
  const pruned = trials.flatMap((trial) => (trial.state === "pruned" && trial.value !== undefined ? [{ number: trial.number, value: trial.value }] : []));
  return { dimensions, trials: shown, pruned, all: trials, sign };
}
