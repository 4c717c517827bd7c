import { ArgumentError, tensor } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import type { MetricRule } from "../rule.js";
import { requireTexts, tokensOf, type Text } from "./texts.js";

/** How a text becomes what is compared. */
type Split = (operation: string, what: string, text: unknown) => readonly string[];

function errorRateRule<T>(operation: string, split: Split): MetricRule<readonly [prediction: readonly T[], target: readonly T[]], number, "edits" | "length"> {
  return {
    higherIsBetter: false,
    shapes: { edits: [], length: [] },
    isCompilable: false,
    statistics(prediction, target) {
      requireTexts(operation, prediction, target);
      let [edits, length] = [0, 0];
      for (const [at, text] of target.entries()) {
        const [predicted, truth] = [split(operation, `prediction ${at}`, prediction[at]), split(operation, `target ${at}`, text)];
        edits += editDistance(predicted, truth);
        length += truth.length;
      }
      return { edits: tensor(edits, { dtype: "float64" }), length: tensor(length, { dtype: "float64" }) };
    },
    result: ({ edits, length }) => (edits[0] as number) / (length[0] as number),
  };
}

/** The fewest insertions, deletions and replacements that turn one list into the other (Levenshtein 1966). */
function editDistance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, element] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      next.push(Math.min((row[j] as number) + (element === other ? 0 : 1), (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

function charactersOf(operation: string, what: string, text: unknown): readonly string[] {
  if (typeof text !== "string") throw new ArgumentError(`${operation}: ${what} is ${describeValue(text)}, expected a text`);
  return Array.from(text);
}

/**
 * The word error rate: the fewest insertions, deletions and replacements of words that turn the predicted texts into the true ones, as a fraction of
 * the words of the true ones. It may exceed 1.
 *
 * Inputs of `update`: lists of as many predicted and true texts, or of lists of tokens. `update` cannot be compiled. NaN without words; Infinity if
 * only the predictions have words.
 *
 * @example
 * ```ts
 * import { WordErrorRate } from "@nn/metrics";
 *
 * const errors = new WordErrorRate();
 * errors.update(["the cat sat"], ["the cat sat down"]);
 * errors.update(["a dog"], ["the dog"]);
 * errors.compute().toFixed(4); // => "0.3333"
 * ```
 */
export class WordErrorRate extends Accumulator<readonly [prediction: readonly Text[], target: readonly Text[]]> {
  constructor() {
    super(errorRateRule<Text>("WordErrorRate", tokensOf));
  }
}

/** The word error rate; see {@link WordErrorRate}. */
export function wordErrorRate(prediction: readonly Text[], target: readonly Text[]): number {
  return resultOf(errorRateRule<Text>("wordErrorRate", tokensOf), prediction, target);
}

/** The character error rate: like {@link WordErrorRate}, but counted in characters (Unicode code points), white space included. */
export class CharacterErrorRate extends Accumulator<readonly [prediction: readonly string[], target: readonly string[]]> {
  constructor() {
    super(errorRateRule<string>("CharacterErrorRate", charactersOf));
  }
}

/**
 * The character error rate; see {@link CharacterErrorRate}.
 *
 * @example
 * ```ts
 * import { characterErrorRate } from "@nn/metrics";
 * characterErrorRate(["kitten"], ["sitting"]).toFixed(4); // => "0.4286"
 * ```
 */
export function characterErrorRate(prediction: readonly string[], target: readonly string[]): number {
  return resultOf(errorRateRule<string>("characterErrorRate", charactersOf), prediction, target);
}
