import {
  arange, ArgumentError, cast, cumsum, DTypeError, formatShape, full, indexSelect, isTensor, less, requireTensor, reshape, ShapeError, tensor,
  unsqueeze, where, type Tensor,
} from "@nn/tensor";

/** Lengths of sequences, one for each sample: a tensor, int32, or numbers, which a compiled function keeps as they are. */
export type SequenceLengths = Tensor | readonly number[];

/** Label sequences of a batch, one a row. */
export interface PaddedTargets {
  /** `[N, S]`: the classes, and a class that exists, no matter which, after them. */
  readonly classes: Tensor;
  /** `[N]`. */
  readonly lengths: Tensor;
}

/** Lengths as an int32 tensor `[N]`; refuses others, and numbers that are not from 0 to `limit`. */
export function requireLengths(name: string, lengths: SequenceLengths, batch: number, limit: number): Tensor {
  if (!isTensor(lengths)) {
    const wrong = lengths.find((length) => !Number.isInteger(length) || length < 0 || length > limit);
    if (wrong !== undefined) throw new ArgumentError(`ctc: one of ${name} is ${wrong}, expected whole numbers from 0 to ${limit}`);
  }
  const given = isTensor(lengths) ? lengths : tensor(lengths, { dtype: "int32", shape: [lengths.length] });
  if (given.dtype !== "int32") throw new DTypeError(`ctc: ${name} has dtype ${given.dtype}, expected int32`);
  if (given.size !== batch || given.rank > 1) throw new ShapeError(`ctc: ${name} is ${formatShape(given.shape)}, expected [${batch}], one for each sample`);
  return reshape(given, [batch]);
}

/** Brings targets, padded or one after the other, into rows. */
export function padTargets(targets: Tensor, lengths: SequenceLengths | undefined, batch: number, blank: number): PaddedTargets {
  requireTargets(targets, lengths, batch);
  const isPadded = targets.rank === 2;
  const [limit = 0] = targets.shape.slice(-1);
  const known = requireLengths("targetLengths", lengths ?? Array.from({ length: batch }, () => limit), batch, limit);
  if (limit === 0) return { classes: full([batch, 1], blank, { dtype: "int32" }), lengths: known };
  // Where the lengths are not known before the program runs, one sample may have all of the targets.
  const width = isPadded || lengths === undefined || isTensor(lengths) ? limit : Math.max(...lengths);
  const places = arange(width, { dtype: "int32" });
  const counts = less(places, unsqueeze(known, 1));
  return { classes: where(counts, isPadded ? targets : cut(targets, known, places, counts), blank), lengths: known };
}

function requireTargets(targets: Tensor, lengths: SequenceLengths | undefined, batch: number): void {
  requireTensor("ctc", targets, "targets");
  const found = formatShape(targets.shape);
  if (targets.dtype !== "int32") throw new DTypeError(`ctc: targets has dtype ${targets.dtype}, expected class indices, int32; convert it with .cast("int32")`);
  if (targets.rank === 2 && targets.shape[0] === batch) return;
  if (targets.rank !== 1) throw new ShapeError(`ctc: targets are ${found}, expected [${batch}, S] or, one after the other, [sum of targetLengths]`);
  if (lengths === undefined) throw new ArgumentError(`ctc: targets are one after the other, ${found}, expected targetLengths to tell them apart`);
  const total = isTensor(lengths) ? targets.size : lengths.reduce((sum, length) => sum + length, 0);
  if (total !== targets.size) throw new ArgumentError(`ctc: targetLengths add up to ${total}, but targets are ${found}`);
}

/** Row n: the targets from where those of the samples before end. Places that do not exist, if they count, are an error of `gather`. */
function cut(targets: Tensor, lengths: Tensor, places: Tensor, counts: Tensor): Tensor {
  const starts = cast(cumsum(lengths, 0), "int32").sub(lengths);
  const index = where(counts, unsqueeze(starts, 1).add(places), 0);
  return reshape(indexSelect(targets, reshape(index, [-1]), 0), index.shape);
}
