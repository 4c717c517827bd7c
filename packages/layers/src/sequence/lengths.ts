import * as primitives from "@nn/tensor/primitives";
import { arange, ArgumentError, DTypeError, isTensor, less, logicalNot, reshape, ShapeError, tensor, type Tensor } from "@nn/tensor";
import { apply, describeValue, formatShape, requireKind } from "@nn/tensor/extend";

/** The length of each sequence, `[N]`, int32: a tensor, or numbers, which are constants of a compiled function. */
export type Lengths = Tensor | readonly number[];

/** The sizes of a padded batch of sequences. */
interface Sizes {
  readonly batch: number;
  readonly steps: number;
}

/**
 * Lengths as a tensor, `[N]`, int32.
 * @throws ShapeError unless there is one length for each sequence.
 * @throws ArgumentError for lengths that are not from 1 to the number of steps.
 */
export function checkedLengths(operation: string, lengths: Lengths, { batch, steps }: Sizes): Tensor {
  if (!isTensor(lengths)) {
    if (!Array.isArray(lengths)) throw new ArgumentError(`${operation}: lengths are ${describeValue(lengths)}, expected a list of whole numbers or an int32 tensor`);
    const wrong = lengths.findIndex((length) => !Number.isInteger(length) || length < 1 || length > steps);
    if (wrong >= 0) throw new ArgumentError(`${operation}: a length is ${describeValue(lengths[wrong])}, expected whole numbers from 1 to ${steps}, the number of steps`);
  }
  const given = isTensor(lengths) ? lengths : tensor(lengths, { dtype: "int32" });
  if (given.dtype !== "int32") throw new DTypeError(`${operation}: lengths have dtype ${given.dtype}, expected int32`);
  if (given.rank !== 1 || given.shape[0] !== batch) {
    throw new ShapeError(`${operation}: lengths are ${formatShape(given.shape)}, expected [${batch}], one for each sequence`);
  }
  // Lengths are looked up in a table of the valid ones, so that an invalid length is an error, in compiled code too.
  const report = { operation, shape: [], problem: `a length is not from 1 to ${steps}, the number of steps` };
  return apply(primitives.gather, [arange(1, steps + 1, { dtype: "int32" }), given.sub(1)], { axis: 0, report });
}

/** Which steps of a padded batch belong to a sequence: `true` at `[n, t]` where t is less than the length of sequence n. */
export function validSteps(operation: string, lengths: Lengths, sizes: Sizes): Tensor {
  return less(arange(sizes.steps), reshape(checkedLengths(operation, lengths, sizes), [sizes.batch, 1]));
}

/**
 * The `keyPaddingMask` for sequences of these lengths in a batch of `steps` steps, `[N, steps]`: `true` for padding, which attention
 * ignores.
 *
 * @example
 * ```ts
 * import { paddingMask } from "@nn/layers";
 * paddingMask([3, 1], 3).toArray(); // => [[false, false, false], [false, true, true]]
 * ```
 */
export function paddingMask(lengths: Lengths, steps: number): Tensor {
  requireKind("paddingMask", "steps", steps, "size");
  if (!isTensor(lengths)) requireKind("paddingMask", "lengths", lengths, "list");
  const batch = isTensor(lengths) ? (lengths.shape[0] ?? 0) : lengths.length;
  return logicalNot(validSteps("paddingMask", lengths, { batch, steps }));
}
