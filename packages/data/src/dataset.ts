import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, Printable, requireKind } from "@nn/tensor/extend";
import { requireAnswer, requireItem } from "./callbacks.js";
import { collate, type Collated } from "./collate.js";

/**
 * A data set whose items are read by index. To write your own, extend this class and define `length` and `get`. If `get` returns a
 * promise, iterate over the loader with `for await`. Override `batch` if you can build a batch faster than item by item.
 *
 * @example
 * ```ts
 * import { Dataset } from "@nn/data";
 * class Squares extends Dataset<number> {
 *   override get length() { return 4; }
 *   override get(index: number) { return index * index; }
 * }
 * const odd = new Squares().filter((value) => value % 2 === 1).map((value) => value * 10);
 * [...odd]; // => [10, 90]
 * ```
 */
export abstract class Dataset<Item> extends Printable implements Iterable<Item> {
  /** Number of items. */
  abstract get length(): number;

  /** The item at `index`, from 0 to `length` − 1. */
  abstract get(index: number): Item;

  /** The items at `indices` as one batch; see {@link collate}. */
  batch(indices: ArrayLike<number>): Collated<Item> {
    requireIndices("Dataset.batch", indices, lengthOf("Dataset.batch", this));
    return collate(Array.from(indices, (index) => itemAt("Dataset.batch", this, index)));
  }

  /** All items as one batch, in order. */
  all(): Collated<Item> {
    return this.batch(Int32Array.from({ length: lengthOf("Dataset.all", this) }, (_, index) => index));
  }

  /** The items in order. */
  *[Symbol.iterator](): Iterator<Item> {
    for (let index = 0; index < lengthOf("Dataset", this); index++) yield itemAt("Dataset", this, index);
  }

  /** A data set that transforms each item when it is read. */
  map<Result>(transform: (item: Item, index: number) => Result): Dataset<Result> {
    requireKind("Dataset.map", "transform", transform, "function");
    return new View(lengthOf("Dataset.map", this), (index) => requireItem(transform(this.get(index), index), () => `Dataset.map: what the transform returned for item ${index}`));
  }

  /** The items that `predicate` accepts. It is called for all items immediately. */
  filter(predicate: (item: Item, index: number) => boolean): Dataset<Item> {
    return this.subset(acceptedIndices("Dataset.filter", this, predicate));
  }

  /**
   * The items at `indices`, in this order; an index may occur more than once.
   * @throws ArgumentError if an index is out of range.
   */
  subset(indices: ArrayLike<number>): Dataset<Item> {
    requireIndices("Dataset.subset", indices, lengthOf("Dataset.subset", this));
    const own = Int32Array.from(indices);
    const at = (index: number): number => own[index] as number;
    return new View(own.length, (index) => this.get(at(index)), (chosen) => this.batch(Int32Array.from(chosen, at)));
  }

  /** The first `count` items, or all if there are fewer. */
  take(count: number): Dataset<Item> {
    requireCount("Dataset.take", count);
    return this.#range(0, Math.min(count, lengthOf("Dataset.take", this)));
  }

  /** All but the first `count` items. */
  skip(count: number): Dataset<Item> {
    requireCount("Dataset.skip", count);
    const length = lengthOf("Dataset.skip", this);
    return this.#range(Math.min(count, length), length);
  }

  /** The items of this data set, then those of the others. */
  concat(...others: readonly Dataset<Item>[]): Dataset<Item> {
    for (const other of others) requireDataset("Dataset.concat", other);
    const parts: readonly Dataset<Item>[] = [this, ...others];
    const ends: number[] = [];
    for (const part of parts) ends.push((ends.at(-1) ?? 0) + lengthOf("Dataset.concat", part));
    return new View(ends.at(-1) ?? 0, (index) => {
      const part = ends.findIndex((end) => index < end);
      return (parts[part] as Dataset<Item>).get(index - (ends[part - 1] ?? 0));
    });
  }

  /**
   * Pairs of the items with the same index.
   * @throws ArgumentError if the lengths differ.
   */
  zip<Other>(other: Dataset<Other>): Dataset<readonly [Item, Other]> {
    requireDataset("Dataset.zip", other);
    const length = lengthOf("Dataset.zip", this);
    if (lengthOf("Dataset.zip", other) !== length) throw new ArgumentError(`Dataset.zip: data sets have ${this.length} and ${other.length} items; take the same number of both`);
    return new View(length, (index) => [this.get(index), other.get(index)] as const);
  }

  /** What messages and `console.log` show: the kind and the number of items. */
  override toString(): string {
    return `${this.constructor.name} of ${this.length} items`;
  }

  #range(start: number, end: number): Dataset<Item> {
    const batch = (chosen: ArrayLike<number>): Collated<Item> => this.batch(Int32Array.from(chosen, (index) => index + start));
    return new View(end - start, (index) => this.get(index + start), batch);
  }
}

/** A data set over others, given by functions. */
class View<Item> extends Dataset<Item> {
  readonly #length: number;
  /** A public property, so that comparisons by test tools see it. */
  readonly read: (index: number) => Item;
  readonly #batch: ((indices: ArrayLike<number>) => Collated<Item>) | undefined;

  constructor(length: number, get: (index: number) => Item, batch?: (indices: ArrayLike<number>) => Collated<Item>) {
    super();
    this.#length = length;
    this.read = get;
    this.#batch = batch;
  }

  override get length(): number {
    return this.#length;
  }

  override get(index: number): Item {
    requireIndex("Dataset.get", index, this.#length);
    return this.read(index);
  }

  override batch(indices: ArrayLike<number>): Collated<Item> {
    if (this.#batch === undefined) return super.batch(indices);
    requireIndices("Dataset.batch", indices, this.#length);
    return this.#batch(indices);
  }

  override toString(): string {
    return `Dataset of ${this.#length} items`;
  }
}

/**
 * The number of items of a data set.
 * @throws UsageError if it is not a whole number of at least 0.
 */
export function lengthOf(operation: string, dataset: { readonly length: number }): number {
  const { length } = dataset;
  if (Number.isSafeInteger(length) && length >= 0) return length;
  throw new UsageError(`${operation}: the length of ${dataset.constructor.name} is ${describeValue(length)}, expected a whole number of at least 0`);
}

/**
 * An item of a data set.
 * @throws UsageError if it is undefined, or a promise of undefined.
 */
export function itemAt<Item>(operation: string, dataset: { get(index: number): Item }, index: number): Item {
  return requireItem(dataset.get(index), () => `${operation}: what ${dataset.constructor.name}.get(${index}) returned`);
}

/** The indices of the items that a predicate accepts. */
export function acceptedIndices<Item>(operation: string, dataset: Dataset<Item>, predicate: (item: Item, index: number) => boolean): number[] {
  requireKind(operation, "predicate", predicate, "function");
  const accepted: number[] = [];
  const length = lengthOf(operation, dataset);
  for (let index = 0; index < length; index++) if (requireAnswer(operation, predicate(dataset.get(index), index), index)) accepted.push(index);
  return accepted;
}

function requireDataset(operation: string, value: unknown): void {
  if (!(value instanceof Dataset)) throw new ArgumentError(`${operation}: got ${describeValue(value)}, expected a Dataset`);
}

/** Refuses an index outside of 0 to `length` − 1. */
export function requireIndex(operation: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new ArgumentError(`${operation}: index ${typeof index === "number" ? index : describeValue(index)} is out of range; the data set has ${length} items`);
}

/** Refuses anything but a list of indices from 0 to `length` − 1. */
export function requireIndices(operation: string, indices: ArrayLike<number>, length: number): void {
  if (!Array.isArray(indices) && !(ArrayBuffer.isView(indices) && "length" in indices)) throw new ArgumentError(`${operation}: indices are ${describeValue(indices)}, expected a list of numbers`);
  for (let at = 0; at < indices.length; at++) requireIndex(operation, indices[at] as number, length);
}

/** Refuses anything but a whole number of at least `least`. */
export function requireCount(operation: string, count: number, what = "count", least = 0): void {
  if (!Number.isSafeInteger(count) || count < least) {
    throw new ArgumentError(`${operation}: ${what} is ${describeValue(count)}, expected a whole number of at least ${least}`);
  }
}
