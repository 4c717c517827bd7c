/** A text that `beamSearch` found. */
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

/** What a search looks for. */
export interface SearchSettings {
  readonly maxNewTokens: number;
  readonly stop: readonly number[];
  readonly beams: number;
  readonly lengthPenalty: number;
}

/** The search for the likeliest texts after one prompt, in the rows from `first` on of a session, one for each beam. */
export class Beams {
  readonly #first: number;
  readonly #settings: SearchSettings;
  #running: readonly Beam[];
  #ended: readonly BeamResult[] = [];
  #length = 0;

  constructor(first: number, settings: SearchSettings) {
    this.#first = first;
    this.#settings = settings;
    this.#running = [{ tokens: [], logProbability: 0, row: first }];
  }

  /** The texts that have ended, the best first. */
  get results(): readonly BeamResult[] {
    return this.#ended;
  }

  /** Whether no text can score better than those that have ended. */
  get isDone(): boolean {
    return this.#running.length === 0;
  }

  /** Continues the texts by one token, with the logits of all rows of the session. */
  advance(logits: readonly ArrayLike<number>[]): void {
    if (this.isDone) return;
    const { maxNewTokens, stop, beams, lengthPenalty } = this.#settings;
    const length = ++this.#length;
    const scoreOf = (logProbability: number, at: number): number => logProbability / at ** lengthPenalty;
    const continued = continuations(this.#running, logits, beams + stop.length * this.#running.length);
    const isEnded = ({ tokens }: Beam): boolean => length === maxNewTokens || stop.includes(tokens.at(-1) ?? NaN);
    const done = continued.filter(isEnded).map(({ tokens, logProbability }) => ({ tokens, score: scoreOf(logProbability, length) }));
    this.#ended = [...this.#ended, ...done].toSorted((a, b) => b.score - a.score).slice(0, beams);
    const running = continued.filter((beam) => !isEnded(beam)).slice(0, beams);
    // The probability of a text only falls, so this is the best that any can reach.
    const reachable = Math.max(...running.map(({ logProbability }) => scoreOf(logProbability, lengthPenalty > 0 ? maxNewTokens : length + 1)));
    this.#running = this.#ended.length === beams && (this.#ended.at(-1)?.score ?? -Infinity) >= reachable ? [] : running;
  }

  /** For each of its rows, the row of which it becomes a copy, and the token that continues it. Rows without a text repeat the first one, and those of a search that is done stay, unheard. */
  next(): readonly { readonly parent: number; readonly token: number }[] {
    const [first] = this.#running;
    const rows = Array.from({ length: this.#settings.beams }, (_, at) => {
      const { row, tokens } = this.#running[at] ?? first ?? { row: this.#first + at, tokens: [] };
      return { parent: row, token: tokens.at(-1) ?? 0 };
    });
    this.#running = this.#running.map((beam, at) => ({ ...beam, row: this.#first + at }));
    return rows;
  }
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
