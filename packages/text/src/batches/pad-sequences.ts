import { ArgumentError, Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { maxId, requireIds, type TokenIds } from "../requirements.js";

/** Options of {@link padSequences}. */
export interface PaddingOptions {
  /** The id that fills up short sequences, such as `vocabulary.special.padding`. */
  readonly padding: number;
  /** Number of steps; default that of the longest sequence. With one length for all batches, one compiled program serves them all. */
  readonly length?: number | undefined;
  /** Whether longer sequences are cut at their ends; by default they are refused. */
  readonly truncate?: boolean | undefined;
}

const paddingOptions: OptionKinds<PaddingOptions> = { padding: "size", length: "count", truncate: "boolean" };

/** A batch of sequences of different lengths. */
export interface PaddedBatch {
  /** The sequences, filled up at the end: `[N, steps]`, int32. */
  readonly ids: Tensor;
  /** The length of each, `[N]`, int32: `lengths` of recurrent layers. */
  readonly lengths: Tensor;
  /** `true` for padding, `[N, steps]`: `keyPaddingMask` of attention. */
  readonly keyPaddingMask: Tensor;
}

/**
 * Combines sequences of different lengths into one batch; use it in the `collate` of a `DataLoader`.
 *
 * @example
 * ```ts
 * import { padSequences } from "@nn/text";
 * const batch = padSequences([[5, 6, 7], [8]], { padding: 0 });
 * batch.ids.toArray(); // => [[5, 6, 7], [8, 0, 0]]
 * batch.lengths.toArray(); // => [3, 1]
 * batch.keyPaddingMask.toArray(); // => [[false, false, false], [false, true, true]]
 * ```
 * @throws ArgumentError if there are no sequences, if one is empty, or is longer than `length`.
 */
export function padSequences(sequences: readonly TokenIds[], options: PaddingOptions): PaddedBatch {
  const operation = "padSequences";
  requireOptions(operation, options, paddingOptions);
  requireKind(operation, "padding", options?.padding, "size");
  const { padding, truncate = false } = options;
  requireSequences(operation, sequences);
  const steps = options.length ?? Math.max(...sequences.map(({ length }) => length));
  const ids = new Int32Array(sequences.length * steps).fill(padding);
  const mask = new Uint8Array(ids.length).fill(1);
  const lengths = sequences.map((sequence, row) => {
    if (sequence.length > steps && !truncate) throw new ArgumentError(`${operation}: sequences[${row}] has ${sequence.length} tokens, expected at most ${steps}; raise length, or cut with truncate: true`);
    const kept = sequence.slice(0, steps);
    ids.set(kept, row * steps);
    mask.fill(0, row * steps, row * steps + kept.length);
    return kept.length;
  });
  const shape = [sequences.length, steps];
  return {
    ids: new Tensor(shape, "int32", ids),
    lengths: new Tensor([sequences.length], "int32", Int32Array.from(lengths)),
    keyPaddingMask: new Tensor(shape, "bool", mask),
  };
}

/** Throws unless the value is a list of sequences of ids, none of them empty. */
export function requireSequences(operation: string, sequences: readonly TokenIds[]): void {
  requireKind(operation, "sequences", sequences, "list");
  if (sequences.length === 0) throw new ArgumentError(`${operation}: there are no sequences, expected at least one`);
  sequences.forEach((sequence, at) => {
    requireIds(operation, sequence, maxId, `sequences[${at}]`);
    if (sequence.length === 0) throw new ArgumentError(`${operation}: sequences[${at}] is empty; leave empty sequences out, or begin each with a special token`);
  });
}
