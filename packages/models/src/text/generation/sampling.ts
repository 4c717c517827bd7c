import { ArgumentError, uniform, type Generator } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** How a token is chosen from the logits. */
export interface SamplingOptions {
  /** Logits are divided by it before a token is drawn: below 1 likely tokens become likelier. Default 0: the likeliest token is taken, and nothing is drawn. */
  readonly temperature?: number | undefined;
  /** Only so many tokens, the likeliest, can be drawn; default all. */
  readonly topK?: number | undefined;
  /** Only the likeliest tokens can be drawn: as few as have this probability together (Holtzman et al. 2020); default 1, all. */
  readonly topP?: number | undefined;
}

/** The kinds of {@link SamplingOptions}. */
export const samplingOptions: OptionKinds<SamplingOptions> = { temperature: "nonNegative", topK: "count", topP: "probability" };

/** Checks the options, which must fit together. */
export function requireSampling(operation: string, { temperature = 0, topK, topP }: SamplingOptions): void {
  requireOptions(operation, { temperature, topK, topP }, samplingOptions);
  if (topP === 0) throw new ArgumentError(`${operation}: topP is 0, expected more than 0; for the likeliest token leave temperature out`);
  if (temperature > 0 || (topK === undefined && topP === undefined)) return;
  throw new ArgumentError(`${operation}: topK and topP choose what can be drawn, but without a temperature nothing is drawn; set temperature: 1, or leave them out`);
}

/** The place of the largest number, of equal ones the first. */
export function argMaxOf(numbers: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < numbers.length; at++) if ((numbers[at] as number) > (numbers[best] as number)) best = at;
  return best;
}

/** Chooses a token: the likeliest one, or one drawn by the generator from those that the options allow. */
export function chooseToken(logits: ArrayLike<number>, { temperature = 0, topK, topP }: SamplingOptions, generator: Generator): number {
  if (temperature === 0) return argMaxOf(logits);
  const probabilities = probabilitiesOf(logits, temperature);
  keepLikeliest(probabilities, topK ?? probabilities.length, topP ?? 1);
  return draw(probabilities, uniform([], { dtype: "float64", generator }).item());
}

/** softmax(logits / temperature). */
function probabilitiesOf(logits: ArrayLike<number>, temperature: number): Float64Array {
  const largest = logits[argMaxOf(logits)] as number;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Sets all but the likeliest probabilities to 0: at most `count`, and as few as have `mass` together. Of equal ones, the first are kept. */
function keepLikeliest(probabilities: Float64Array, count: number, mass: number): void {
  if (count >= probabilities.length && mass === 1) return;
  const descending = probabilities.toSorted().toReversed();
  let kept = 0;
  for (let sum = 0; kept < Math.min(count, descending.length) && sum < mass; kept++) sum += descending[kept] as number;
  const least = descending[kept - 1] as number;
  let ties = kept - descending.findIndex((probability) => probability === least);
  for (const [token, probability] of probabilities.entries()) {
    if (probability < least || (probability === least && ties-- <= 0)) probabilities[token] = 0;
  }
}

/** The first token up to which the probabilities add up to more than a part of all. */
function draw(probabilities: Float64Array, part: number): number {
  let left = part * probabilities.reduce((sum, probability) => sum + probability, 0);
  let last = 0;
  for (const [token, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    left -= probability;
    last = token;
    if (left < 0) return token;
  }
  return last;
}
