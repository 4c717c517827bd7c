import { ArgumentError, tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import type { MetricRule, StatisticValues } from "../rule.js";
import { requireTexts, tokensOf, type Text } from "./texts.js";

/** The inputs of {@link Bleu}: predicted texts, and the references of each. */
export type BleuInputs = readonly [prediction: readonly Text[], target: readonly (readonly Text[])[]];

/** Options of {@link Bleu}. */
export interface BleuOptions {
  /** The longest n-grams that are compared; default 4. */
  readonly maxOrder?: number | undefined;
  /**
   * `"addOne"` adds 1 to the matching and to all n-grams of each order above 1 (Lin and Och 2004), so that short texts without long matches are not
   * 0; default `"none"`.
   */
  readonly smoothing?: "none" | "addOne" | undefined;
}

const bleuOptions: OptionKinds<BleuOptions> = { maxOrder: "count", smoothing: ["none", "addOne"] };

type Name = "matches" | "possible" | "predictedLength" | "targetLength";

function bleuRule(operation: string, { maxOrder = 4, smoothing = "none" }: BleuOptions): MetricRule<BleuInputs, number, Name> {
  return {
    higherIsBetter: true,
    shapes: { matches: [maxOrder], possible: [maxOrder], predictedLength: [], targetLength: [] },
    isCompilable: false,
    statistics(prediction, target) {
      requireTexts(operation, prediction, target);
      const counts = { matches: new Float64Array(maxOrder), possible: new Float64Array(maxOrder), predictedLength: 0, targetLength: 0 };
      for (const [at, text] of prediction.entries()) addText(counts, tokensOf(operation, `prediction ${at}`, text), referencesOf(operation, at, target[at]));
      return {
        matches: tensor(counts.matches), possible: tensor(counts.possible),
        predictedLength: tensor(counts.predictedLength, { dtype: "float64" }), targetLength: tensor(counts.targetLength, { dtype: "float64" }),
      };
    },
    result: (values) => bleuOf(values, smoothing === "addOne" ? 1 : 0),
  };
}

function referencesOf(operation: string, at: number, texts: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(texts) || texts.length === 0) throw new ArgumentError(`${operation}: target ${at} is not a list of texts; give one or more references for each prediction`);
  return texts.map((text: unknown, index) => tokensOf(operation, `text ${index} of target ${at}`, text));
}

interface Counts {
  readonly matches: Float64Array;
  readonly possible: Float64Array;
  predictedLength: number;
  targetLength: number;
}

/** Counts the n-grams of one prediction that also occur in a reference, each at most as often as in the reference that has it most often. */
function addText(counts: Counts, predicted: readonly string[], references: readonly (readonly string[])[]): void {
  counts.predictedLength += predicted.length;
  counts.targetLength += closestLength(predicted.length, references.map(({ length }) => length));
  for (const at of counts.matches.keys()) {
    const grams = gramsOf(predicted, at + 1);
    const others = references.map((reference) => gramsOf(reference, at + 1));
    for (const [gram, count] of grams) {
      counts.matches[at] = (counts.matches[at] as number) + Math.min(count, Math.max(...others.map((other) => other.get(gram) ?? 0)));
      counts.possible[at] = (counts.possible[at] as number) + count;
    }
  }
}

/** How often each n-gram occurs. */
function gramsOf(tokens: readonly string[], order: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= tokens.length; start++) {
    const gram = JSON.stringify(tokens.slice(start, start + order));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** The length nearest to that of the prediction, the shorter one of two. */
function closestLength(length: number, lengths: readonly number[]): number {
  return lengths.reduce((best, each) => {
    const [ofBest, ofEach] = [Math.abs(best - length), Math.abs(each - length)];
    return ofEach < ofBest || (ofEach === ofBest && each < best) ? each : best;
  });
}

function bleuOf({ matches, possible, predictedLength, targetLength }: StatisticValues<Name>, added: number): number {
  const [length, wanted] = [predictedLength[0] as number, targetLength[0] as number];
  if (length === 0) return wanted === 0 ? NaN : 0;
  const logs = Array.from(matches, (count, at) => {
    const extra = at === 0 ? 0 : added;
    return Math.log((count + extra) / ((possible[at] as number) + extra || 1));
  });
  const brevity = Math.min(0, 1 - wanted / length);
  return Math.exp(brevity + logs.reduce((sum, each) => sum + each, 0) / logs.length);
}

/**
 * BLEU of a corpus (Papineni et al. 2002): the geometric mean of the fractions of n-grams of the predictions that occur in a reference, times a
 * penalty for predictions that are too short. It is between 0 and 1.
 *
 * Inputs of `update`: a list of predicted texts, and for each a list of one or more references. Texts are split at white space; lists of tokens are
 * taken as they are. `update` cannot be compiled. The counts of all texts are summed up before the mean is taken: it is not the mean of the BLEU of
 * single texts. 0 if an order has no match, unless smoothed; NaN without texts. sacreBLEU splits texts in other ways, and smooths by default.
 *
 * @example
 * ```ts
 * import { bleuScore } from "@nn/metrics";
 *
 * bleuScore(["the cat sat on the mat"], [["the cat sat on the red mat"]]).toFixed(4); // => "0.6732"
 * ```
 */
export class Bleu extends Accumulator<BleuInputs> {
  constructor(options: BleuOptions = {}) {
    requireOptions("Bleu", options, bleuOptions);
    super(bleuRule("Bleu", options), options);
  }
}

/** BLEU of a corpus; see {@link Bleu}. */
export function bleuScore(prediction: BleuInputs[0], target: BleuInputs[1], options: BleuOptions = {}): number {
  requireOptions("bleuScore", options, bleuOptions);
  return resultOf(bleuRule("bleuScore", options), prediction, target);
}
