import { averagePrecisionScore, precisionRecallCurve, rocAucScore, rocCurve, type PrecisionRecallPoints, type RocPoints } from "@nn/metrics";
import { equal, slice, type Tensor } from "@nn/tensor";

/** How well the probabilities rank examples: those of a class before all others. */
export interface Ranking {
  /** The area under the ROC curve; of more than two classes the mean of each against the rest. NaN if the examples are of one class. */
  readonly rocAuc: number;
  /** The average precision, likewise. */
  readonly averagePrecision: number;
  /** The curves of the second class of two; of more classes those of the classes with the lowest areas, the lowest first. */
  readonly curves: readonly ClassCurves[];
}

/** The curves of a class against all others. */
export interface ClassCurves {
  readonly label: number;
  readonly rocAuc: number;
  readonly averagePrecision: number;
  readonly roc: RocPoints;
  readonly precisionRecall: PrecisionRecallPoints;
}

/** The most classes with curves. */
const mostCurves = 5;

/** Ranks examples by their probabilities `[examples, classes]`, with the classes `y` of all examples. */
export function rankingOf(probabilities: Tensor, y: Tensor): Ranking {
  const [examples = 0, classes = 0] = probabilities.shape;
  if (examples === 0) return { rocAuc: Number.NaN, averagePrecision: Number.NaN, curves: [] };
  const scoresOf = (label: number): Tensor => slice(probabilities, [{}, { start: label, stop: label + 1 }]).reshape([-1]);
  const isBinary = classes === 2;
  const scores = isBinary ? scoresOf(1) : probabilities;
  const areas = rocAucScore(scores, y, { average: "none" });
  const known = areas.map((area, at) => ({ area, label: isBinary ? 1 : at })).filter(({ area }) => !Number.isNaN(area));
  const drawn = known.toSorted((a, b) => a.area - b.area).slice(0, mostCurves);
  return {
    rocAuc: rocAucScore(scores, y),
    averagePrecision: averagePrecisionScore(scores, y),
    curves: drawn.map(({ area, label }) => {
      const [own, isOwn] = [scoresOf(label), equal(y, label).cast("int32")];
      return { label, rocAuc: area, averagePrecision: averagePrecisionScore(own, isOwn), roc: rocCurve(own, isOwn), precisionRecall: precisionRecallCurve(own, isOwn) };
    }),
  };
}
