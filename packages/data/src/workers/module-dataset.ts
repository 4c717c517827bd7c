import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, messageOf, quote, requireKind, requireOptions } from "@nn/tensor/extend";
import { isThenable, type Collated } from "../collate.js";
import { acceptedIndices, Dataset, lengthOf, requireCount, requireIndex, requireIndices } from "../dataset.js";
import type { ItemGenerator, ItemGenerators } from "../item-generator.js";
import type { AnyWorker } from "./host.js";
import type { ForWorkers, Recipe, WorkerBatches } from "./messages.js";
import { pack } from "./packing.js";
import { inOrder, WorkerPool } from "./pool.js";
import { requireDataset, serveDataset, type MakeDataset } from "./serve.js";

/** Options of `moduleDataset`. */
export interface ModuleDatasetOptions {
  /**
   * Starts a worker whose program imports the module and calls `serve`. Give it where a bundler joins modules, so that there is no file to import, such as
   * `() => new Worker(new URL("./photos.worker.js", import.meta.url), { type: "module" })`.
   */
  readonly worker?: () => AnyWorker;
}

/** What `moduleDataset` returns: a function that makes the data set, which workers call too. */
export interface DatasetModule<Arguments extends readonly unknown[], Made> {
  /** Makes the data set. @throws UsageError if an argument cannot be sent to another thread. */
  (...args: Arguments): Made;
  /** Answers the thread that started this worker. It is for the program of {@link ModuleDatasetOptions.worker}. */
  serve(): void;
}

/**
 * A data set that the workers of a {@link DataLoader} can make too: they import `module`, call its export `name` with the same arguments, and read items there. Functions and
 * open files cannot be sent to another thread, but the address of a module can. `subset`, `filter`, `take`, `skip` and splits are for workers too; apply `map` within `make`.
 *
 * @example
 * ```ts no-run
 * // photos.ts
 * import { ArrayDataset, moduleDataset } from "@nn/data";
 * import { readdir } from "node:fs/promises";
 * export const photos = moduleDataset(import.meta.url, "photos", async (folder: string) => {
 *   const names = await readdir(folder);
 *   return new ArrayDataset(names).map((name) => name.length);
 * });
 * ```
 * @param module - the address of the module that calls this function: `import.meta.url`.
 * @param name - the name under which the module exports the result.
 * @param make - makes the data set. It must make the same one each time it is called with the same arguments.
 */
export function moduleDataset<Arguments extends readonly unknown[], Item>(
  module: string | URL, name: string, make: (...args: Arguments) => Dataset<Item>, options?: ModuleDatasetOptions,
): DatasetModule<Arguments, ModuleDataset<Item>>;
/** The same for a data set that is made asynchronously: the function returns a promise. */
export function moduleDataset<Arguments extends readonly unknown[], Item>(
  module: string | URL, name: string, make: (...args: Arguments) => PromiseLike<Dataset<Item>>, options?: ModuleDatasetOptions,
): DatasetModule<Arguments, Promise<ModuleDataset<Item>>>;
export function moduleDataset(module: string | URL, name: string, make: MakeDataset, options: ModuleDatasetOptions = {}): DatasetModule<readonly unknown[], unknown> {
  const operation = "moduleDataset";
  if (!(module instanceof URL) && (typeof module !== "string" || !URL.canParse(module))) {
    throw new ArgumentError(`${operation}: module is ${describeValue(module)}, expected the address of the module that exports the data set: import.meta.url`);
  }
  requireKind(operation, "name", name, "string");
  requireKind(operation, "make", make, "function");
  requireOptions(operation, options, { worker: "function" });
  const made = (...args: readonly unknown[]): unknown => {
    const recipe: Recipe = { module: String(module), name, args: packedArguments(name, args) };
    const wrapped = (dataset: unknown): ModuleDataset<unknown> => new ModuleDataset(requireDataset(quote(name), dataset), recipe, options.worker, undefined);
    const dataset = make(...args);
    return isThenable(dataset) ? dataset.then(wrapped) : wrapped(dataset);
  };
  return Object.assign(made, { serve: (recipe?: Recipe) => serveDataset(make, recipe) });
}

/** A copy of the arguments, so that workers see them as they are now. */
function packedArguments(name: string, args: readonly unknown[]): Recipe["args"] {
  try {
    return structuredClone(pack(args, "the arguments"));
  } catch (cause) {
    throw new UsageError(`moduleDataset: ${quote(name)} cannot be made in a worker: ${messageOf(cause)}. Pass what the module needs to make it, such as paths, numbers and lists`, { cause });
  }
}

/** A data set made by `moduleDataset`, or rows of one. */
export class ModuleDataset<Item> extends Dataset<Item> implements ForWorkers {
  readonly #whole: Dataset<Item>;
  readonly #recipe: Recipe;
  readonly #startWorker: (() => AnyWorker) | undefined;
  readonly #rows: Int32Array | undefined;

  /** @internal */
  constructor(whole: Dataset<Item>, recipe: Recipe, startWorker: (() => AnyWorker) | undefined, rows: Int32Array | undefined) {
    super();
    this.#whole = whole;
    this.#recipe = recipe;
    this.#startWorker = startWorker;
    this.#rows = rows;
  }

  override get length(): number {
    return this.#rows?.length ?? lengthOf("ModuleDataset", this.#whole);
  }

  override get(index: number, generator?: ItemGenerator): Item {
    requireIndex("ModuleDataset.get", index, this.length);
    return this.#whole.get(this.#rows?.[index] ?? index, generator);
  }

  override batch(indices: ArrayLike<number>, generators?: ItemGenerators): Collated<Item> {
    requireIndices("ModuleDataset.batch", indices, this.length);
    const rows = this.#rows;
    return this.#whole.batch(rows === undefined ? indices : Int32Array.from(indices, (index) => rows[index] as number), generators);
  }

  override subset(indices: ArrayLike<number>): ModuleDataset<Item> {
    requireIndices("ModuleDataset.subset", indices, this.length);
    const rows = this.#rows;
    return new ModuleDataset(this.#whole, this.#recipe, this.#startWorker, Int32Array.from(indices, (index) => rows?.[index] ?? index));
  }

  override filter(predicate: (item: Item, index: number) => boolean): ModuleDataset<Item> {
    return this.subset(acceptedIndices("ModuleDataset.filter", this, predicate));
  }

  override take(count: number): ModuleDataset<Item> {
    requireCount("ModuleDataset.take", count);
    return this.subset(Int32Array.from({ length: Math.min(count, this.length) }, (_, index) => index));
  }

  override skip(count: number): ModuleDataset<Item> {
    requireCount("ModuleDataset.skip", count);
    return this.subset(Int32Array.from({ length: Math.max(0, this.length - count) }, (_, index) => count + index));
  }

  /** @internal Starts workers that make batches of this data set. */
  startWorkers(count: number): WorkerBatches {
    const pool = new WorkerPool({ recipe: this.#recipe, startWorker: this.#startWorker, length: lengthOf("ModuleDataset", this.#whole), rows: this.#rows }, count);
    return { inOrder: (requests, ahead) => inOrder(pool, requests, ahead), end: async () => pool.end() };
  }
}
