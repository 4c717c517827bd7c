import { ArgumentError, defaultGenerator, Generator as RandomGenerator, isTensor, UsageError } from "@nn/tensor";
import { describeValue, type OptionKinds, Printable, requireOptions } from "@nn/tensor/extend";
import { ArrayDataset } from "./array-dataset.js";
import { collate, isThenable, type Collated } from "./collate.js";
import { requireItem } from "./callbacks.js";
import { Dataset, itemAt, lengthOf, requireCount } from "./dataset.js";
import { itemGenerator, type ItemGenerators } from "./item-generator.js";
import { IterableDataset, type IterableSource } from "./iterable-dataset.js";
import { prefetched } from "./prefetch.js";
import { drawSeed, Random } from "./random.js";
import { requireSampler, sampledIndices, type Sampler } from "./sampling/sampler.js";
import type { BatchRequest, ForWorkers, WorkerBatches } from "./workers/messages.js";
import { readItems } from "./workers/read-items.js";

/** Options of a {@link DataLoader}. */
export interface DataLoaderOptions<Item, Batch> {
  /** Items in a batch; the last batch holds the remainder. Default 32. */
  readonly batchSize?: number;
  /** Whether each epoch goes through the items in a new random order. Default false. */
  readonly shuffle?: boolean;
  /** Chooses the items of an epoch and their order, in place of `shuffle`: {@link weightedSampler}, {@link balancedSampler}, or one of your own. */
  readonly sampler?: Sampler;
  /**
   * The seed. Together with the number of the epoch, it determines the order of the items, the items that a sampler draws, and the generators from which random items draw
   * ({@link Dataset.get}). Default: drawn from `generator` with `shuffle` or a `sampler`, otherwise 0.
   */
  readonly seed?: number;
  /** The generator that the seed is drawn from if none is given. Default: the one that `manualSeed` seeds. */
  readonly generator?: RandomGenerator;
  /** Whether a last batch of fewer items is dropped. Default false. */
  readonly dropLast?: boolean;
  /** Makes a batch of items. Default: the data set's `batch`, else {@link collate}. */
  readonly collate?: (items: readonly Awaited<Item>[]) => Batch;
  /**
   * Number of batches that `for await` prepares ahead while the current one is in use. Default 2; 0 prepares none. Only asynchronous batches are prepared ahead. If making
   * the first batch draws from the default generator, none is, so that random numbers are drawn in the order of use and a resumed run draws the same ones.
   */
  readonly prefetch?: number;
  /**
   * Number of threads that read items, for data sets whose items are slow to make, such as images; see `moduleDataset`. The order and the bits of the batches are the
   * same with any number of workers. They start with an iteration and end with it; up to `workers + prefetch` batches are in preparation or ready. Iterate with `for await`.
   * With 0, items are read in this thread, and errors are those of workers. Default: items are read in this thread.
   */
  readonly workers?: number;
}

const loaderOptions: OptionKinds<DataLoaderOptions<unknown, unknown>> = {
  batchSize: "count", shuffle: "boolean", sampler: "any", seed: "size", generator: "any", dropLast: "boolean", collate: "function", prefetch: "size", workers: "size",
};

/** The position of a {@link DataLoader}, as plain JSON: enough to continue in another process. */
export interface DataLoaderState {
  readonly seed: number;
  readonly epoch: number;
  /** Batches of that epoch that were delivered. */
  readonly batch: number;
  /** Items in a batch; a loader with another batch size refuses the state. */
  readonly batchSize: number;
  /** Whether the items are shuffled; a loader that differs refuses the state. */
  readonly shuffle: boolean;
  /** Items of the data set, null for an iterable; a loader with another number refuses the state. */
  readonly items: number | null;
  /** The description of the sampler, if there is one; a loader with another sampler refuses the state. */
  readonly sampler?: string;
}

/**
 * Iterates over a data set in batches. Each iteration is an epoch. Use `for (const [x, y] of loader)` for a data set with an index,
 * or `for await` for any data set. With `shuffle` each epoch has its own order, and with `sampler` its own items; both depend only on the seed and the
 * number of the epoch.
 *
 * @example
 * ```ts
 * import { DataLoader, TensorDataset } from "@nn/data";
 * import { tensor } from "@nn/tensor";
 * const data = new TensorDataset(tensor([[0], [1], [2], [3], [4]]), tensor([0, 1, 0, 1, 0], { dtype: "int32" }));
 * const loader = new DataLoader(data, { batchSize: 2, shuffle: true, seed: 1 });
 * loader.length; // => 3
 * for (const [x, y] of loader) console.log(x.shape, y.shape);
 * ```
 */
export class DataLoader<Item, Batch = Collated<Awaited<Item>>> extends Printable implements Iterable<NoInfer<Batch>>, AsyncIterable<NoInfer<Batch>> {
  readonly batchSize: number;
  readonly #source: Dataset<Item> | IterableDataset<Item>;
  readonly #options: DataLoaderOptions<Item, Batch>;
  #seed: number;
  #nextEpoch = 0;
  /** Batches of the next epoch that were delivered already. */
  #done = 0;
  /** Counts the iterations: only the most recent one moves the position. */
  #iteration = 0;
  /** The position of the most recent iteration. */
  #position: { readonly epoch: number; readonly batch: number } | undefined;

  /** @throws ArgumentError if an option is out of range, or if `shuffle` is set for an iterable. */
  constructor(source: Dataset<Item> | readonly Item[] | IterableSource<Item>, options: DataLoaderOptions<Item, Batch> = {}) {
    super();
    requireOptions("DataLoader", options, loaderOptions);
    const { batchSize = 32, shuffle = false, sampler, seed, generator } = options;
    if (generator !== undefined && !(generator instanceof RandomGenerator)) throw new ArgumentError(`DataLoader: generator is ${describeValue(generator)}, expected a Generator`);
    this.#source = asDataset(source);
    if (this.#source instanceof Dataset) lengthOf("DataLoader", this.#source);
    if (shuffle && this.#source instanceof IterableDataset) {
      throw new ArgumentError("DataLoader: an iterable cannot be shuffled, its items come in their own order; collect them in an ArrayDataset");
    }
    if (options.workers !== undefined) requireForWorkers(this.#source, options.workers);
    if (sampler !== undefined) {
      requireSampler("DataLoader", sampler);
      if (shuffle) throw new ArgumentError("DataLoader: shuffle and sampler are both given; a sampler determines the order itself, leave shuffle out");
      if (this.#source instanceof IterableDataset) {
        throw new ArgumentError("DataLoader: items of an iterable cannot be sampled, they come in their own order; collect them in an ArrayDataset");
      }
    }
    this.batchSize = batchSize;
    this.#options = options;
    this.#seed = seed ?? (shuffle || sampler !== undefined ? drawSeed(generator) : 0);
  }

  /**
   * Number of batches in an epoch.
   * @throws UsageError for an iterable, whose length is unknown.
   */
  get length(): number {
    const length = this.#options.sampler?.length ?? lengthOf("DataLoader", this.#indexed("length"));
    return this.#options.dropLast === true ? Math.floor(length / this.batchSize) : Math.ceil(length / this.batchSize);
  }

  /** Number of the epoch that the next iteration runs, counted from 0. It may be assigned. */
  get epoch(): number {
    return this.#nextEpoch;
  }

  set epoch(epoch: number) {
    requireCount("DataLoader", epoch, "epoch");
    this.#nextEpoch = epoch;
    this.#done = 0;
    this.#iteration += 1;
    this.#position = undefined;
  }

  /** The position of the most recent iteration, as plain JSON for a checkpoint. */
  stateDict(): DataLoaderState {
    return { seed: this.#seed, ...(this.#position ?? { epoch: this.#nextEpoch, batch: this.#done }), ...this.#layout };
  }

  /**
   * Continues from a saved position: the next iteration delivers the rest of that epoch.
   * @throws ArgumentError if `state` is not a position in this data set with this batch size and `shuffle`.
   */
  loadStateDict(state: DataLoaderState): void {
    const operation = "DataLoader.loadStateDict";
    requireOptions(operation, state, { seed: "size", epoch: "size", batch: "size", batchSize: "count", shuffle: "boolean", items: "any", sampler: "string" });
    const { seed, epoch, batch, batchSize } = state;
    for (const [name, value] of Object.entries({ seed, epoch, batch })) requireCount(operation, value, name);
    requireCount(operation, batchSize, "batchSize", 1);
    for (const [name, own] of Object.entries({ sampler: undefined, ...this.#layout })) {
      const saved = state[name as keyof DataLoaderState];
      if (saved !== own) throw new ArgumentError(`${operation}: the state has ${name} ${String(saved)}, this loader ${String(own)}; use the same ${name === "items" ? "data set" : name}`);
    }
    if (this.#source instanceof Dataset && batch > this.length) {
      throw new ArgumentError(`${operation}: batch is ${batch}, but an epoch has ${this.length} batches; is it the state of another data set?`);
    }
    this.epoch = epoch;
    this.#seed = seed;
    this.#done = batch;
  }

  /** The batches of one epoch. */
  *[Symbol.iterator](): Generator<NoInfer<Batch>, void, undefined> {
    const dataset = this.#indexed("iteration with `for`");
    if ((this.#options.workers ?? 0) > 0) throw new UsageError("DataLoader: batches of workers come later; iterate over the loader with `for await`");
    const { epoch, first, iteration } = this.#begin();
    let batch = first;
    for (const { indices, generators } of this.#order(epoch, first)) {
      const made = atHand(this.#make(dataset, indices, generators));
      this.#move(iteration, { epoch, batch: ++batch });
      yield made;
    }
    this.#move(iteration, undefined);
  }

  /** The batches of one epoch, asynchronously. */
  [Symbol.asyncIterator](): AsyncGenerator<NoInfer<Batch>, void, undefined> {
    const { workers = 0 } = this.#options;
    const source = this.#source;
    if (workers === 0 || !isForWorkers(source)) return this.#asynchronousBatches();
    let started: WorkerBatches | undefined;
    const batches = this.#workerBatches(() => (started = source.startWorkers(Math.min(workers, this.length))));
    const end = batches.return.bind(batches);
    // A generator would first finish the step that it is in, and so wait for slow items.
    batches.return = async (value) => {
      await started?.end();
      return end(value);
    };
    return batches;
  }

  async *#asynchronousBatches(): AsyncGenerator<NoInfer<Batch>, void, undefined> {
    const { prefetch = 2 } = this.#options;
    const { epoch, first, iteration } = this.#begin();
    const kind: BatchKind = { isWaitedFor: !(this.#source instanceof Dataset) };
    const batches = this.#source instanceof Dataset ? this.#indexedBatches(this.#source, epoch, first, kind) : this.#iteratedBatches(this.#source, first);
    const { seed, counter } = defaultGenerator().stateDict();
    let ahead: number | undefined;
    const count = (): number => {
      const now = defaultGenerator().stateDict();
      return (ahead ??= kind.isWaitedFor && now.seed === seed && now.counter === counter ? prefetch : 0);
    };
    let batch = first;
    for await (const made of prefetched(batches, count)) {
      this.#move(iteration, { epoch, batch: ++batch });
      yield made;
    }
    this.#move(iteration, undefined);
  }

  async *#workerBatches(start: () => WorkerBatches): AsyncGenerator<NoInfer<Batch>, void, undefined> {
    const { prefetch = 2, workers = 0, collate: own } = this.#options;
    const { epoch, first, iteration } = this.#begin();
    let batch = first;
    for await (const made of start().inOrder(this.#requests(epoch, first), workers + prefetch)) {
      // What a worker packed is what the data set gave, or `collate` made of it.
      const whole = own === undefined ? (made as Batch) : this.#collate(made as readonly Awaited<Item>[]);
      this.#move(iteration, { epoch, batch: ++batch });
      yield whole;
    }
    this.#move(iteration, undefined);
  }

  *#requests(epoch: number, first: number): Generator<BatchRequest> {
    const collated = this.#options.collate === undefined;
    for (const { indices, place } of this.#order(epoch, first)) yield { indices: indices.slice(), seed: this.#seed, epoch, place, collated };
  }

  /** A description: the class, and the numbers of items and batches. */
  override toString(): string {
    const source = this.#source instanceof Dataset ? `${String(this.#source)}, ${this.length} batches of ${this.batchSize}` : `an iterable, batches of ${this.batchSize}`;
    return `DataLoader over ${source}${this.#options.shuffle === true ? ", shuffled" : this.#options.sampler === undefined ? "" : `, ${String(this.#options.sampler)}`}, epoch ${this.epoch}`;
  }

  /** The settings that determine the items of a batch, besides the seed and the epoch. */
  get #layout(): Pick<DataLoaderState, "batchSize" | "shuffle" | "items" | "sampler"> {
    const { shuffle = false, sampler } = this.#options;
    const items = this.#source instanceof Dataset ? lengthOf("DataLoader", this.#source) : null;
    return { batchSize: this.batchSize, shuffle, items, ...(sampler === undefined ? {} : { sampler: String(sampler) }) };
  }

  #begin(): { readonly epoch: number; readonly first: number; readonly iteration: number } {
    const [epoch, first] = [this.#nextEpoch, this.#done];
    this.#nextEpoch = epoch + 1;
    this.#done = 0;
    this.#position = { epoch, batch: first };
    return { epoch, first, iteration: ++this.#iteration };
  }

  #move(iteration: number, position: { readonly epoch: number; readonly batch: number } | undefined): void {
    if (iteration === this.#iteration) this.#position = position;
  }

  #indexed(what: string): Dataset<Item> {
    if (this.#source instanceof Dataset) return this.#source;
    throw new UsageError(`DataLoader: ${what} needs a data set whose items are read by index; iterate with \`for await\``);
  }

  /** The items of each batch of an epoch, from batch `first` on. */
  *#order(epoch: number, first: number): Generator<BatchItems> {
    const dataset = this.#indexed("order");
    const { shuffle = false, sampler } = this.#options;
    const length = lengthOf("DataLoader", dataset);
    const order = sampler !== undefined
      ? sampledIndices("DataLoader", sampler, { seed: this.#seed, epoch, items: length })
      : shuffle ? new Random(this.#seed, epoch).permutation(length) : Int32Array.from({ length }, (_, index) => index);
    const count = this.length;
    const seed = this.#seed;
    for (let batch = first; batch < count; batch++) {
      const place = batch * this.batchSize;
      yield { indices: order.subarray(place, place + this.batchSize), place, generators: (at) => itemGenerator(seed, epoch, place + at) };
    }
  }

  #make(dataset: Dataset<Item>, indices: Int32Array, generators: ItemGenerators): Batch {
    if (this.#options.collate === undefined) return requireItem(dataset.batch(indices, generators) as Batch, () => `DataLoader: what ${dataset.constructor.name}.batch returned`);
    return this.#collate(Array.from(indices, (index, at) => settled(itemAt("DataLoader", dataset, index, generators(at)))));
  }

  /** Makes a batch of items with the caller's `collate`, or with {@link collate}; then `Batch` is the type of its result. */
  #collate(items: readonly Awaited<Item>[]): Batch {
    return this.#options.collate === undefined ? (collate(items) as Batch) : requireItem(this.#options.collate(items), () => "DataLoader: what collate returned");
  }

  async *#indexedBatches(dataset: Dataset<Item>, epoch: number, first: number, kind: BatchKind): AsyncGenerator<Batch, void, undefined> {
    let asynchronous: boolean | undefined;
    for (const { indices, generators } of this.#order(epoch, first)) {
      if (this.#options.workers === 0) {
        yield this.#collate(await readItems(dataset, indices, generators));
        continue;
      }
      if (asynchronous === false) {
        yield this.#make(dataset, indices, generators);
        continue;
      }
      // The items of the first batch show whether they are promises; each item is read once.
      const items = Array.from(indices, (index, at) => itemAt("DataLoader", dataset, index, generators(at)));
      asynchronous = items.some(isThenable);
      kind.isWaitedFor = asynchronous;
      yield this.#collate(await Promise.all(items));
    }
  }

  async *#iteratedBatches(source: IterableDataset<Item>, first: number): AsyncGenerator<Batch, void, undefined> {
    let items: Awaited<Item>[] = [];
    let at = first * this.batchSize;
    for await (const item of source.skip(first * this.batchSize)) {
      items.push(await requireItem(item, () => `DataLoader: item ${at} of the iterable`));
      at++;
      if (items.length < this.batchSize) continue;
      yield this.#collate(items);
      items = [];
    }
    if (items.length > 0 && this.#options.dropLast !== true) yield this.#collate(items);
  }
}

/** The items of a batch. */
interface BatchItems {
  readonly indices: Int32Array;
  /** Place of the first item in the epoch. */
  readonly place: number;
  readonly generators: ItemGenerators;
}

function isForWorkers(source: object): source is ForWorkers {
  return "startWorkers" in source;
}

/** @throws ArgumentError unless workers can make the data set. */
function requireForWorkers(source: Dataset<unknown> | IterableDataset<unknown>, workers: number): void {
  if (source instanceof IterableDataset) throw new ArgumentError("DataLoader: workers read items by index, and an iterable has none; leave workers out");
  if (workers === 0 || isForWorkers(source)) return;
  throw new ArgumentError(
    `DataLoader: workers cannot make ${String(source)}, since functions and open files cannot be sent to another thread; make it in a module of its own, with export const photos = moduleDataset(import.meta.url, "photos", () => …), map included`,
  );
}

/** The properties of the first batch that are assumed for all. */
interface BatchKind {
  /** Whether a batch is asynchronous. */
  isWaitedFor: boolean;
}

function asDataset<Item>(source: Dataset<Item> | readonly Item[] | IterableSource<Item>): Dataset<Item> | IterableDataset<Item> {
  if (source instanceof Dataset || source instanceof IterableDataset) return source;
  if (isTensor(source)) throw new UsageError("DataLoader: got a Tensor; put it, with its labels, into a TensorDataset");
  if (typeof source !== "object" && typeof source !== "function") throw notADataset(source);
  if (source === null || (typeof source === "object" && !(Symbol.iterator in source) && !(Symbol.asyncIterator in source))) throw notADataset(source);
  return Array.isArray(source) ? new ArrayDataset<Item>(source) : new IterableDataset<Item>(source as IterableSource<Item>);
}

function notADataset(source: unknown): UsageError {
  return new UsageError(`DataLoader: got ${describeValue(source)}, expected a data set, a list of items, or an iterable`);
}

/** Returns a batch; refuses a promise. */
function atHand<Batch>(batch: Batch): Batch {
  if (isThenable(batch)) throw new UsageError("DataLoader: the batch is a promise; iterate over the loader with `for await`");
  return batch;
}

/** Returns an item; refuses a promise. */
function settled<Item>(item: Item): Awaited<Item> {
  if (isThenable(item)) throw new UsageError("DataLoader: items are promises; iterate over the loader with `for await`");
  return item as Awaited<Item>;
}
