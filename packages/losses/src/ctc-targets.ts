import {
  any, arange, ArgumentError, cast, cumSum, DTypeError, equal, full, isTensor, less, logicalAnd, logicalOr, notEqual, reshape, ShapeError,
  sum, tensor, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { apply, describeValue, formatShape, requireTensor } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";

/** Lengths of sequences, one for each sample: an int32 tensor or numbers. A compiled function treats numbers as constants. */
export type SequenceLengths = Tensor | readonly number[];

/** Label sequences of a batch, one per row. */
export interface PaddedTargets {
  /** `[N, S]`: the classes, padded with any valid class. */
  readonly classes: Tensor;
  /** `[N]`. */
  readonly lengths: Tensor;
  /** While tracing, when values are unknown: whether eager execution would refuse the targets, `[N]` or `[]`. */
  readonly isRefused: Tensor | undefined;
}

/** Converts lengths to an int32 tensor `[N]`. Refuses other shapes and dtypes, and numbers outside of 0 to `limit`. */
export function requireLengths(name: string, lengths: SequenceLengths, batch: number, limit: number): Tensor {
  if (!isTensor(lengths) && !Array.isArray(lengths)) throw new ArgumentError(`ctc: ${name} are ${describeValue(lengths)}, expected a list of numbers or an int32 tensor`);
  const wrong = knownElements(lengths)?.find((length) => !Number.isInteger(length) || length < 0 || length > limit);
  if (wrong !== undefined) throw new ArgumentError(`ctc: one of ${name} is ${describeValue(wrong)}, expected whole numbers from 0 to ${limit}`);
  const given = isTensor(lengths) ? lengths : tensor(lengths, { dtype: "int32", shape: [lengths.length] });
  if (given.dtype !== "int32") throw new DTypeError(`ctc: ${name} has dtype ${given.dtype}, expected int32`);
  if (given.size !== batch || given.rank > 1) throw new ShapeError(`ctc: ${name} is ${formatShape(given.shape)}, expected [${batch}], one for each sample`);
  return reshape(given, [batch]);
}

/** Arranges padded or concatenated targets in rows. */
export function padTargets(targets: Tensor, lengths: SequenceLengths | undefined, batch: number, blank: number): PaddedTargets {
  requireTargets(targets, lengths, batch);
  const isPadded = targets.rank === 2;
  const [limit = 0] = targets.shape.slice(-1);
  const known = requireLengths("targetLengths", lengths === undefined ? Array.from({ length: batch }, () => limit) : lengths, batch, limit);
  if (limit === 0) return { classes: full([batch, 1], blank, { dtype: "int32" }), lengths: known, isRefused: undefined };
  // If the lengths are unknown while tracing, one sample may have all of the targets.
  const width = isPadded || lengths === undefined ? limit : Math.max(0, ...(knownElements(lengths) ?? [limit]));
  const positions = arange(width, { dtype: "int32" });
  const counts = less(positions, unsqueeze(known, 1));
  const labels = isPadded ? targets : cut(targets, known, positions, counts);
  return { classes: where(counts, labels, blank), lengths: known, isRefused: refusedLater(targets, labels, counts, known, blank) };
}

/** Refuses blanks among the labels. While tracing, when values are unknown, returns the condition instead. */
function refusedLater(targets: Tensor, labels: Tensor, counts: Tensor, lengths: Tensor, blank: number): Tensor | undefined {
  const hasBlank = any(logicalAnd(equal(labels, blank), counts), 1);
  const known = knownElements(hasBlank);
  const at = known?.indexOf(1) ?? -1;
  if (at >= 0) throw new ArgumentError(`ctc: the targets of sample ${at} contain the blank, ${blank}; labels are the other classes`);
  const isLater = targets.rank === 1 && knownElements(lengths) === undefined;
  if (isLater) return logicalOr(hasBlank, notEqual(sum(lengths), targets.size));
  return known === undefined ? hasBlank : undefined;
}

/** The elements, or undefined while tracing, when they are unknown. */
function knownElements(lengths: SequenceLengths): readonly number[] | undefined {
  if (!isTensor(lengths)) return lengths;
  return ArrayBuffer.isView(lengths.storage) ? Array.from(lengths.storage) : undefined;
}

function requireTargets(targets: Tensor, lengths: SequenceLengths | undefined, batch: number): void {
  requireTensor("ctc", targets, "targets");
  const found = formatShape(targets.shape);
  if (targets.dtype !== "int32") throw new DTypeError(`ctc: targets has dtype ${targets.dtype}, expected class indices, int32; convert it with .cast("int32")`);
  if (targets.rank === 2 && targets.shape[0] === batch) return;
  if (targets.rank !== 1) throw new ShapeError(`ctc: targets are ${found}, expected [${batch}, S] or, one after the other, [sum of targetLengths]`);
  if (lengths === undefined) throw new ArgumentError(`ctc: targets are one after the other, ${found}, expected targetLengths to tell them apart`);
  const total = knownElements(lengths)?.reduce((before, length) => before + length, 0) ?? targets.size;
  if (total !== targets.size) throw new ArgumentError(`ctc: targetLengths add up to ${total}, but targets are ${found}`);
}

/** Row n: the targets after those of the earlier samples. An index out of range is an error unless it is padding. */
function cut(targets: Tensor, lengths: Tensor, positions: Tensor, counts: Tensor): Tensor {
  const starts = cast(cumSum(lengths, 0), "int32").sub(lengths);
  const index = where(counts, unsqueeze(starts, 1).add(positions), 0);
  const report = { operation: "ctc", problem: `targetLengths add up to more than there are targets, ${targets.size}` };
  return reshape(apply(primitives.gather, [targets, reshape(index, [-1])], { axis: 0, report }), index.shape);
}
