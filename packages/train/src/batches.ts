import { isTensor, UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** A source of batches: a `DataLoader`, an array of batches, a generator. */
export type Batches<Batch> = Iterable<Batch> | AsyncIterable<Batch>;

/** @throws UsageError unless the value can be iterated, and is not a tensor, a text, or a data set (whose items are not batches). */
export function requireBatches(operation: string, what: string, value: unknown): asserts value is Batches<unknown> {
  requireSource(operation, what, value);
  const { get, batch, batchSize } = Object(value) as Partial<Record<string, unknown>>;
  if (typeof get !== "function" || typeof batch !== "function" || batchSize !== undefined) return;
  throw new UsageError(`${operation}: ${what} is ${describeValue(value)}, whose items are single examples, expected batches: new DataLoader(dataset, { batchSize: 32 }), or [dataset.all()] for one batch of all`);
}

/** @throws UsageError unless the value can be iterated, and is not a tensor or a text. */
export function requireSource(operation: string, what: string, value: unknown): asserts value is Batches<unknown> {
  const iterable = typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
  if (!iterable || isTensor(value) || ArrayBuffer.isView(value) || value instanceof Map) {
    throw new UsageError(`${operation}: ${what} is ${describeValue(value)}, expected batches: a DataLoader, an array of batches, or another iterable`);
  }
}

/** @throws UsageError unless the value is an abort signal or undefined. */
export function requireSignal(operation: string, signal: unknown): asserts signal is AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new UsageError(`${operation}: signal is ${describeValue(signal)}, expected an AbortSignal, such as new AbortController().signal`);
}

/** An input with its target, as a data set of both gives them. */
export type Pair<Input, Target> = readonly [input: Input, target: Target];

/** @throws UsageError unless a batch is an input and a target. */
export function requirePair(operation: string, batch: unknown): void {
  if (Array.isArray(batch) && batch.length === 2) return;
  throw new UsageError(`${operation}: a batch is ${describeValue(batch)}, expected [input, target]`);
}

/** The number of examples in a batch: the length of the first axis of its first tensor, or 1 if it has no tensor with an axis. */
export function countExamples(batch: unknown): number {
  return lengthOf(batch, 0) ?? 1;
}

function lengthOf(value: unknown, depth: number): number | undefined {
  if (isTensor(value)) return value.shape[0];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || depth > 8) return undefined;
  for (const each of Object.values(value)) {
    const length = lengthOf(each, depth + 1);
    if (length !== undefined) return length;
  }
  return undefined;
}
