import { byteCount, maxTokenBytes, type Merge } from "./merges.js";
import { PriorityQueue } from "./priority-queue.js";

/** A piece of the corpus. */
interface Piece {
  readonly tokens: number[];
  /** How often it occurs. */
  readonly count: number;
}

/** How often a pair occurs in the corpus, and in which pieces it occurs or did. */
interface Pair {
  count: number;
  readonly pieces: Set<Piece>;
}

/** Pairs in the order in which they are merged: the most frequent first, of equally frequent ones that with the smaller ids. */
interface Candidate {
  readonly count: number;
  readonly key: number;
}

/**
 * Learns merges (Gage 1994; Sennrich et al. 2016): again and again the pair of neighbours that occurs most often becomes a token, of equally
 * frequent pairs that with the smaller ids, so that the result does not depend on the order of the texts. It ends with `count` merges, or when no
 * pair of at most {@link maxTokenBytes} bytes occurs `minCount` times. The map says how often each piece of the corpus occurs.
 */
export function learnMerges(pieces: ReadonlyMap<string, number>, count: number, minCount: number): Merge[] {
  const learner = new Learner(pieces, byteCount + count);
  const merges: Merge[] = [];
  while (merges.length < count) {
    const merge = learner.mostFrequent(minCount);
    if (merge === undefined) break;
    learner.merge(merge, byteCount + merges.length);
    merges.push(merge);
  }
  return merges;
}

/** The pieces of a corpus and their pairs, while pairs are merged. */
class Learner {
  /** Larger than every id: a pair (a, b) has the key a · width + b. */
  readonly #width: number;
  readonly #pairs = new Map<number, Pair>();
  /** Every pair that has its present count since its last change; others are out of date. */
  readonly #queue = new PriorityQueue<Candidate>((a, b) => a.count > b.count || (a.count === b.count && a.key < b.key));
  readonly #changed = new Set<number>();
  /** The number of bytes of each token. */
  readonly #lengths = new Array<number>(byteCount).fill(1);

  constructor(pieces: ReadonlyMap<string, number>, width: number) {
    this.#width = width;
    const encoder = new TextEncoder();
    for (const [text, count] of pieces) this.#count({ tokens: [...encoder.encode(text)], count }, 1);
    this.#enqueue();
  }

  mostFrequent(minCount: number): Merge | undefined {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      if (this.#pairs.get(next.key)?.count !== next.count) continue;
      if (next.count < minCount) return undefined;
      const merge: Merge = [Math.floor(next.key / this.#width), next.key % this.#width];
      if (this.#lengthOf(merge) <= maxTokenBytes) return merge;
    }
    return undefined;
  }

  /** Merges a pair in all pieces. */
  merge(merge: Merge, token: number): void {
    const key = merge[0] * this.#width + merge[1];
    for (const piece of this.#pairs.get(key)?.pieces ?? []) {
      this.#count(piece, -1);
      replacePair(piece.tokens, merge, token);
      this.#count(piece, 1);
    }
    this.#pairs.delete(key);
    this.#lengths.push(this.#lengthOf(merge));
    this.#enqueue();
  }

  #lengthOf(merge: Merge): number {
    return merge.reduce((sum, token) => sum + (this.#lengths[token] ?? 0), 0);
  }

  /** Adds the pairs of a piece to the counts, or takes them off. */
  #count(piece: Piece, sign: 1 | -1): void {
    for (let at = 1; at < piece.tokens.length; at++) {
      const key = (piece.tokens[at - 1] as number) * this.#width + (piece.tokens[at] as number);
      let pair = this.#pairs.get(key);
      if (pair === undefined) this.#pairs.set(key, (pair = { count: 0, pieces: new Set() }));
      pair.count += sign * piece.count;
      pair.pieces.add(piece);
      this.#changed.add(key);
    }
  }

  #enqueue(): void {
    for (const key of this.#changed) {
      const count = this.#pairs.get(key)?.count ?? 0;
      if (count > 0) this.#queue.push({ count, key });
    }
    this.#changed.clear();
  }
}

/** Replaces a pair by a token, from left to right. */
function replacePair(tokens: number[], [first, second]: Merge, token: number): void {
  let kept = 0;
  for (let at = 0; at < tokens.length; at++) {
    const isPair = tokens[at] === first && tokens[at + 1] === second;
    tokens[kept++] = isPair ? token : (tokens[at] as number);
    if (isPair) at++;
  }
  tokens.length = kept;
}
