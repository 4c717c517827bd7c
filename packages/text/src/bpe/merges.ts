import { PriorityQueue } from "./priority-queue.js";

/** A pair of neighbouring tokens that becomes one token. */
export type Merge = readonly [first: number, second: number];

/** Number of the tokens before those of merges: the bytes. */
export const byteCount = 256;

/** The most bytes of a token. */
export const maxTokenBytes = 1024;

/** Merges in the order in which they apply: merge k makes the token `256 + k`. */
export class MergeTable {
  readonly #tokens = new Map<number, number>();
  readonly #width: number;

  constructor(merges: readonly Merge[]) {
    this.#width = byteCount + merges.length;
    merges.forEach(([first, second], at) => this.#tokens.set(first * this.#width + second, byteCount + at));
  }

  /** The token that two neighbours become; a smaller one was learned earlier, and applies first. */
  merged(first: number, second: number): number | undefined {
    return this.#tokens.get(first * this.#width + second);
  }
}

/** A pair that may be merged. */
interface Candidate {
  /** The token that it becomes. */
  readonly token: number;
  /** Where its first token begins. */
  readonly at: number;
}

/**
 * Merges the bytes of a piece: always the pair that was learned earliest, of equal pairs the leftmost, until none can be merged. It takes time n log n for n bytes.
 */
export function mergeBytes(bytes: Uint8Array, table: MergeTable): number[] {
  const tokens = [...bytes];
  const chain = new Chain(tokens.length);
  const queue = new PriorityQueue<Candidate>((a, b) => a.token < b.token || (a.token === b.token && a.at < b.at));
  const mergedAt = (at: number): number | undefined => {
    const right = chain.after(at);
    return at < 0 || right >= tokens.length ? undefined : table.merged(tokens[at] as number, tokens[right] as number);
  };
  const propose = (at: number): void => {
    const token = mergedAt(at);
    if (token !== undefined) queue.push({ token, at });
  };
  for (const at of tokens.keys()) propose(at);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    // A pair is out of date if one of its tokens has been merged with another one.
    if (chain.isRemoved(next.at) || mergedAt(next.at) !== next.token) continue;
    tokens[next.at] = next.token;
    chain.removeAfter(next.at);
    propose(chain.before(next.at));
    propose(next.at);
  }
  return tokens.filter((_, at) => !chain.isRemoved(at));
}

/** Positions in a row, from which some are removed. */
class Chain {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #removed: Uint8Array;

  constructor(length: number) {
    this.#next = Int32Array.from({ length }, (_, at) => at + 1);
    this.#previous = Int32Array.from({ length }, (_, at) => at - 1);
    this.#removed = new Uint8Array(length);
  }

  /** The position after one; the length of the row after the last. */
  after(at: number): number {
    return this.#next[at] ?? this.#next.length;
  }

  /** The position before one; −1 before the first. */
  before(at: number): number {
    return this.#previous[at] ?? -1;
  }

  isRemoved(at: number): boolean {
    return this.#removed[at] === 1;
  }

  removeAfter(at: number): void {
    const gone = this.after(at);
    const following = this.after(gone);
    this.#removed[gone] = 1;
    this.#next[at] = following;
    if (following < this.#previous.length) this.#previous[following] = at;
  }
}
