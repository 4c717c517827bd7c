import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { generationOptions, pauses, prepared, type Generation, type GenerationOptions, type LanguageModelOrSession } from "./generation-options.js";

/** Options of {@link beamSearch}. */
export interface BeamSearchOptions extends GenerationOptions {
  /** Number of texts that are continued side by side. */
  readonly beams: number;
  /** The exponent of the length by which the logarithm of a text's probability is divided: above 0 long texts score better; default 1. */
  readonly lengthPenalty?: number | undefined;
}

const beamOptions: OptionKinds<BeamSearchOptions> = { ...generationOptions, beams: "count", lengthPenalty: "finite" };

/** A text that {@link beamSearch} found. */
export interface BeamResult {
  /** The tokens after the prompt, with the stop token if there is one. */
  readonly tokens: readonly number[];
  /** log p(tokens | prompt) / length^lengthPenalty. */
  readonly score: number;
}

/** A text that is continued. */
interface Beam {
  readonly tokens: readonly number[];
  /** log p(tokens | prompt). */
  readonly logProbability: number;
  /** The sequence of the session that it continues. */
  readonly row: number;
}

/**
 * Looks for the likeliest continuations of a prompt: of all continuations of the present texts by one token, the `beams` likeliest are kept (Sutskever et al. 2014). It ends when
 * no text can score better than those that have ended. Returns at most `beams` texts, the best first.
 *
 * @example
 * ```ts
 * import { beamSearch, GPT2LMHeadModel } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * const texts = await beamSearch(model, [5, 7, 9], { beams: 3, maxNewTokens: 4 });
 * texts.map(({ tokens }) => tokens.length); // => [4, 4, 4]
 * ```
 * @throws ArgumentError if the prompt is empty or too long, or options do not fit.
 */
export async function beamSearch(model: LanguageModelOrSession, prompt: readonly number[] | Int32Array, options: BeamSearchOptions): Promise<BeamResult[]> {
  requireOptions("beamSearch", options, beamOptions);
  requireKind("beamSearch", "beams", options?.beams, "count");
  const { beams, lengthPenalty, ...own } = options;
  const generation = prepared("beamSearch", model, prompt, own, beams)();
  try {
    return await searched(generation, prompt, { ...own, beams, lengthPenalty: lengthPenalty ?? 1 });
  } finally {
    generation.end();
  }
}

async function searched(
  { session, advance }: Generation, prompt: readonly number[] | Int32Array, { maxNewTokens, stop = [], beams, lengthPenalty }: BeamSearchOptions & { readonly lengthPenalty: number },
): Promise<BeamResult[]> {
  const scoreOf = (logProbability: number, length: number): number => logProbability / length ** lengthPenalty;
  const pause = pauses();
  let ended: BeamResult[] = [];
  let running: readonly Beam[] = [{ tokens: [], logProbability: 0, row: 0 }];
  let logits = advance(Array.from({ length: beams }, () => prompt));
  for (let length = 1; running.length > 0; length++) {
    const continued = continuations(running, logits, beams + stop.length * running.length);
    const isEnded = ({ tokens }: Beam): boolean => length === maxNewTokens || stop.includes(tokens.at(-1) ?? NaN);
    const done = continued.filter(isEnded).map(({ tokens, logProbability }) => ({ tokens, score: scoreOf(logProbability, length) }));
    ended = [...ended, ...done].toSorted((a, b) => b.score - a.score).slice(0, beams);
    running = continued.filter((beam) => !isEnded(beam)).slice(0, beams);
    // The probability of a text only falls, so this is the best that any can reach.
    const reachable = Math.max(...running.map(({ logProbability }) => scoreOf(logProbability, lengthPenalty > 0 ? maxNewTokens : length + 1)));
    if (running.length === 0 || (ended.length === beams && (ended.at(-1)?.score ?? -Infinity) >= reachable)) break;
    await pause();
    // Sequences without a beam repeat the first one.
    const rows = Array.from({ length: beams }, (_, at) => running[at] ?? (running[0] as Beam));
    session.reorder(rows.map(({ row }) => row));
    logits = advance(rows.map(({ tokens }) => tokens.slice(-1)));
    running = running.map((beam, row) => ({ ...beam, row }));
  }
  return ended;
}

/** The likeliest continuations of texts by one token, the likeliest first. */
function continuations(beams: readonly Beam[], logits: readonly ArrayLike<number>[], count: number): Beam[] {
  const all = beams.flatMap((beam) => likeliest(logProbabilitiesOf(logits[beam.row] ?? []), count).map(({ token, logProbability }) => ({
    tokens: [...beam.tokens, token], logProbability: beam.logProbability + logProbability, row: beam.row,
  })));
  return all.toSorted((a, b) => b.logProbability - a.logProbability).slice(0, count);
}

/** log softmax(logits). */
function logProbabilitiesOf(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return values.map((value) => value - total);
}

/** The tokens with the largest numbers, of equal ones the first. */
function likeliest(logProbabilities: Float64Array, count: number): { readonly token: number; readonly logProbability: number }[] {
  const least = logProbabilities.toSorted().at(-Math.min(count, logProbabilities.length)) ?? -Infinity;
  const candidates = [...logProbabilities].flatMap((logProbability, token) => (logProbability >= least && logProbability > -Infinity ? [{ token, logProbability }] : []));
  return candidates.toSorted((a, b) => b.logProbability - a.logProbability || a.token - b.token).slice(0, count);
}
