import { ArgumentError, defaultGenerator, UsageError } from "@nn/tensor";
import { describeValue, Printable, requireKind } from "@nn/tensor/extend";
import { requireAnswer, requireItem } from "./callbacks.js";
import { collate, type Collated } from "./collate.js";
import type { ItemGenerator, ItemGenerators } from "./item-generator.js";

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

  /**
   * The item at `index`, from 0 to `length` − 1. An item that is random, such as an augmented image, draws from `generator()`. A `DataLoader` passes a generator that depends
   * on its seed, the epoch and the item's place in the epoch, so that the item is the same in every run. Default: `defaultGenerator`.
   */
  abstract get(index: number, generator?: ItemGenerator): Item;

  /**
   * The items at `indices` as one batch; see {@link collate}. For items that are random, `generators` gives the generator of the item at each place of the batch.
   */
  batch(indices: ArrayLike<number>, generators?: ItemGenerators): Collated<Item> {
    requireIndices("Dataset.batch", indices, lengthOf("Dataset.batch", this));
    return collate(Array.from(indices, (index, at) => itemAt("Dataset.batch", this, index, generators?.(at))));
  }

  /** All items as one batch, in order. */
  all(): Collated<Item> {
    return this.batch(Int32Array.from({ length: lengthOf("Dataset.all", this) }, (_, index) => index));
  }

  /** The items in order. */
  *[Symbol.iterator](): Iterator<Item> {
    for (let index = 0; index < lengthOf("Dataset", this); index++) yield itemAt("Dataset", this, index);
  }

  /** A data set that transforms each item when it is read. A transform that is random draws from `generator()`; see `get`. */
  map<Result>(transform: (item: Item, index: number, generator: ItemGenerator) => Result): Dataset<Result> {
    requireKind("Dataset.map", "transform", transform, "function");
    return new View(lengthOf("Dataset.map", this), (index, generator = defaultGenerator) =>
      requireItem(transform(this.get(index, generator), index, generator), () => `Dataset.map: what the transform returned for item ${index}`),
    );
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
    return new View(own.length, (index, generator) => this.get(at(index), generator), (chosen, generators) => this.batch(Int32Array.from(chosen, at), generators));
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
    return new View(ends.at(-1) ?? 0, (index, generator) => {
      const part = ends.findIndex((end) => index < end);
      return (parts[part] as Dataset<Item>).get(index - (ends[part - 1] ?? 0), generator);
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
    return new View(length, (index, generator) => [this.get(index, generator), other.get(index, generator)] as const);
  }

  /** What messages and `console.log` show: the kind and the number of items. */
  override toString(): string {
    return `${this.constructor.name} of ${this.length} items`;
  }

  #range(start: number, end: number): Dataset<Item> {
    const batch: ReadBatch<Item> = (chosen, generators) => this.batch(Int32Array.from(chosen, (index) => index + start), generators);
    return new View(end - start, (index, generator) => this.get(index + start, generator), batch);
  }
}

type ReadBatch<Item> = (indices: ArrayLike<number>, generators?: ItemGenerators) => Collated<Item>;

/** A data set over others, given by functions. */
class View<Item> extends Dataset<Item> {
  readonly #length: number;
  /** A public property, so that comparisons by test tools see it. */
  readonly read: (index: number, generator?: ItemGenerator) => Item;
  readonly #batch: ReadBatch<Item> | undefined;

  constructor(length: number, get: (index: number, generator?: ItemGenerator) => Item, batch?: ReadBatch<Item>) {
    super();
    this.#length = length;
    this.read = get;
    this.#batch = batch;
  }

  override get length(): number {
    return this.#length;
  }

  override get(index: number, generator?: ItemGenerator): Item {
    requireIndex("Dataset.get", index, this.#length);
    return this.read(index, generator);
  }

  override batch(indices: ArrayLike<number>, generators?: ItemGenerators): Collated<Item> {
    if (this.#batch === undefined) return super.batch(indices, generators);
    requireIndices("Dataset.batch", indices, this.#length);
    return this.#batch(indices, generators);
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
export function itemAt<Item>(operation: string, dataset: { get(index: number, generator?: ItemGenerator): Item }, index: number, generator?: ItemGenerator): Item {
  return requireItem(dataset.get(index, generator), () => `${operation}: what ${dataset.constructor.name}.get(${index}) returned`);
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
