import { arange, ArgumentError, expand, lessEqual, logicalAnd, equal, logicalNot, reshape, ShapeError, Tensor } from "@nn/tensor";
import { formatShape, requireDType, requireKind, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import type { TokenIds } from "../requirements.js";
import { requireSequences } from "./pad-sequences.js";

/** Options of {@link packSequences}. */
export interface PackingOptions {
  /** Number of steps of a row. */
  readonly length: number;
  /** The id that fills up rows, such as `vocabulary.special.padding`. */
  readonly padding: number;
}

const packingOptions: OptionKinds<PackingOptions> = { length: "count", padding: "size" };

/** Rows that hold several sequences each. */
export interface PackedBatch {
  /** The sequences one after the other, then padding: `[rows, length]`, int32. */
  readonly ids: Tensor;
  /** For each token its place in its sequence, from 0 on; 0 in the padding: `[rows, length]`, int32. */
  readonly positions: Tensor;
  /** For each token the number of its sequence in the row, from 1 on; 0 in the padding: `[rows, length]`, int32. */
  readonly segments: Tensor;
  /** The sequences of each row, as indices. */
  readonly rows: readonly (readonly number[])[];
}

/**
 * Puts short sequences into rows of one length, so that little is padding: each into the first row that has room for it. With
 * {@link packedAttentionMask}, tokens attend to tokens of their own sequence only.
 *
 * @example
 * ```ts
 * import { packSequences } from "@nn/text";
 * const batch = packSequences([[5, 6, 7], [8, 9, 10, 11], [12, 13]], { length: 5, padding: 0 });
 * batch.ids.toArray(); // => [[5, 6, 7, 12, 13], [8, 9, 10, 11, 0]]
 * batch.positions.toArray(); // => [[0, 1, 2, 0, 1], [0, 1, 2, 3, 0]]
 * batch.segments.toArray(); // => [[1, 1, 1, 2, 2], [1, 1, 1, 1, 0]]
 * batch.rows; // => [[0, 2], [1]]
 * ```
 * @throws ArgumentError if there are no sequences, if one is empty, or is longer than a row.
 */
export function packSequences(sequences: readonly TokenIds[], options: PackingOptions): PackedBatch {
  const operation = "packSequences";
  requireOptions(operation, options, packingOptions);
  requireKind(operation, "length", options?.length, "count");
  requireKind(operation, "padding", options.padding, "size");
  const { length, padding } = options;
  requireSequences(operation, sequences);
  const rows = firstFit(operation, sequences, length);
  const [ids, positions, segments] = [new Int32Array(rows.length * length).fill(padding), new Int32Array(rows.length * length), new Int32Array(rows.length * length)];
  for (const [row, members] of rows.entries()) {
    let at = row * length;
    for (const [segment, member] of members.entries()) {
      const sequence = sequences[member] ?? [];
      ids.set(sequence, at);
      positions.set(sequence.map((_, step) => step), at);
      segments.fill(segment + 1, at, at + sequence.length);
      at += sequence.length;
    }
  }
  const made = (data: Int32Array): Tensor => new Tensor([rows.length, length], "int32", data);
  return { ids: made(ids), positions: made(positions), segments: made(segments), rows };
}

function firstFit(operation: string, sequences: readonly TokenIds[], length: number): readonly (readonly number[])[] {
  const rows: { readonly members: number[]; room: number }[] = [];
  for (const [at, sequence] of sequences.entries()) {
    if (sequence.length > length) throw new ArgumentError(`${operation}: sequences[${at}] has ${sequence.length} tokens, expected at most ${length}, the length of a row`);
    let row = rows.find(({ room }) => room >= sequence.length);
    if (row === undefined) rows.push((row = { members: [], room: length }));
    row.members.push(at);
    row.room -= sequence.length;
  }
  return rows.map(({ members }) => members);
}

/** Options of {@link packedAttentionMask}. */
export interface PackedMaskOptions {
  /** Heads of the attention; default 1. */
  readonly heads?: number | undefined;
  /** Whether a token attends to those up to itself only; default false. */
  readonly causal?: boolean | undefined;
}

const maskOptions: OptionKinds<PackedMaskOptions> = { heads: "count", causal: "boolean" };

/**
 * The `mask` of `MultiheadAttention` for packed rows, `[rows · heads, length, length]`: `true` where a token must not attend to another, since it belongs to
 * another sequence. The segments are those of {@link packSequences}.
 *
 * @example
 * ```ts
 * import { packSequences, packedAttentionMask } from "@nn/text";
 * const { segments } = packSequences([[5], [8, 9]], { length: 3, padding: 0 });
 * packedAttentionMask(segments, { causal: true }).toArray(); // => [[[false, true, true], [true, false, true], [true, false, false]]]
 * ```
 */
export function packedAttentionMask(segments: Tensor, options: PackedMaskOptions = {}): Tensor {
  const operation = "packedAttentionMask";
  requireTensor(operation, segments, "segments");
  requireDType(operation, segments.dtype, ["int32"], "segments");
  requireOptions(operation, options, maskOptions);
  if (segments.rank !== 2) throw new ShapeError(`${operation}: segments are ${formatShape(segments.shape)}, expected [rows, length]`);
  const [rows = 0, length = 0] = segments.shape;
  const { heads = 1, causal = false } = options;
  const same = equal(reshape(segments, [rows, length, 1]), reshape(segments, [rows, 1, length]));
  const steps = arange(length);
  const visible = causal ? logicalAnd(same, lessEqual(steps, reshape(steps, [length, 1]))) : same;
  return reshape(expand(reshape(logicalNot(visible), [rows, 1, length, length]), [rows, heads, length, length]), [rows * heads, length, length]);
}
