/** A score that some positive and negative examples have, with their weights. */
export interface RankedScore {
  readonly score: number;
  readonly positive: number;
  readonly negative: number;
}

/**
 * The weights of the examples with at least each different score, from the largest score on. Examples of the same score stand together, so that their
 * order does not matter.
 *
 * @returns undefined if a score or a weight is NaN.
 */
export function cumulate(ranked: readonly RankedScore[]): readonly RankedScore[] | undefined {
  if (ranked.some(({ score, positive, negative }) => Number.isNaN(score) || Number.isNaN(positive + negative))) return undefined;
  const sorted = ranked.filter(({ positive, negative }) => positive + negative > 0).toSorted((a, b) => (a.score < b.score ? 1 : a.score > b.score ? -1 : 0));
  const steps: RankedScore[] = [];
  let [positive, negative] = [0, 0];
  for (const [at, each] of sorted.entries()) {
    positive += each.positive;
    negative += each.negative;
    if (sorted[at + 1]?.score !== each.score) steps.push({ score: each.score, positive, negative });
  }
  return steps;
}

/**
 * The area under the ROC curve: how often a positive example has a higher score than a negative one, ties counted as a half. NaN unless there are
 * both.
 */
export function areaUnderRoc(ranked: readonly RankedScore[]): number {
  const steps = cumulate(ranked);
  const last = steps?.at(-1);
  if (steps === undefined || last === undefined) return NaN;
  let area = 0;
  let before = { positive: 0, negative: 0 };
  for (const step of steps) {
    area += ((step.negative - before.negative) * (step.positive + before.positive)) / 2;
    before = step;
  }
  return area / (last.positive * last.negative);
}

/** `Σ (R_k − R_{k−1}) P_k` over the scores from the largest on. NaN without positive examples. */
export function averagePrecision(ranked: readonly RankedScore[]): number {
  const steps = cumulate(ranked);
  const total = steps?.at(-1)?.positive;
  if (steps === undefined || total === undefined) return NaN;
  let [sum, before] = [0, 0];
  for (const { positive, negative } of steps) {
    sum += ((positive - before) / total) * (positive / (positive + negative));
    before = positive;
  }
  return total === 0 ? NaN : sum;
}
