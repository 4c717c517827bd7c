import { UsageError } from "@nn/tensor";
import { startThread, type AnyWorker, type WorkerThread } from "./host.js";
import type { BatchRequest, FromWorker, Recipe } from "./messages.js";
import { unpackError } from "./packed-error.js";
import { unpack } from "./packing.js";
import { ItemError } from "./read-items.js";

/** A data set that workers can make: what each is told, how it starts, and what it must find. */
export interface WorkerSource {
  readonly recipe: Recipe;
  readonly startWorker: (() => AnyWorker) | undefined;
  /** Items of the data set that workers make. */
  readonly length: number;
  /** The items of it that are read, undefined for all. */
  readonly rows: Int32Array | undefined;
}

interface Task {
  readonly request: BatchRequest;
  readonly resolve: (items: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Workers that make batches, each one batch at a time. */
export class WorkerPool {
  readonly #source: WorkerSource;
  readonly #threads: WorkerThread[] = [];
  readonly #free: WorkerThread[] = [];
  readonly #waiting: Task[] = [];
  readonly #running = new Map<WorkerThread, Task>();
  #failure: Error | undefined;
  #isOver = false;
  #settleOver: () => void = () => undefined;
  readonly #over = new Promise<undefined>((resolve) => {
    this.#settleOver = () => resolve(undefined);
  });

  constructor(source: WorkerSource, count: number) {
    this.#source = source;
    try {
      for (let at = 0; at < count; at++) this.#start(source);
    } catch (error) {
      // Nobody has the pool, so that nobody else can end the workers that have started. The error says more than one of theirs.
      this.end().catch(() => undefined);
      throw error;
    }
  }

  /** The items of a batch, or the batch that a worker made of them. */
  make(request: BatchRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ request, resolve, reject });
      this.#assign();
    });
  }

  /** Waits for a result; undefined once the pool has ended. Only while somebody waits do the workers keep the process alive. */
  async waitFor<T>(result: Promise<T>): Promise<T | undefined> {
    this.#hold(true);
    try {
      return await Promise.race([result, this.#over]);
    } finally {
      this.#hold(false);
    }
  }

  /** Ends all workers, in whatever they are doing. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#settleOver();
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  #start({ recipe, startWorker, length }: WorkerSource): void {
    const thread = startThread(startWorker);
    this.#threads.push(thread);
    thread.onAnswer = (answer) => {
      if (answer.kind !== "ready") this.#finish(thread, answer);
      else if (answer.length !== length) this.#fail(differentLengths(recipe, answer.length, length));
      else this.#isFree(thread);
    };
    thread.onEnd = (reason) => this.#fail(new UsageError(`DataLoader: a worker ended while it made ${describeTask(this.#running.get(thread))}: ${reason}`));
    thread.hold(false);
    thread.post(recipe);
  }

  #finish(thread: WorkerThread, answer: Exclude<FromWorker, { readonly kind: "ready" }>): void {
    const task = this.#running.get(thread);
    this.#running.delete(thread);
    if (task === undefined) {
      // It could not make its data set, and so will not the others.
      if (answer.kind === "failed") this.#fail(unpackError(answer.error));
      return;
    }
    if (answer.kind === "made") task.resolve(unpack(answer.items));
    else task.reject(answer.place === undefined ? unpackError(answer.error) : new ItemError(task.request.indices[answer.place] as number, unpackError(answer.error)));
    this.#isFree(thread);
  }

  #isFree(thread: WorkerThread): void {
    this.#free.push(thread);
    this.#assign();
  }

  #assign(): void {
    while (this.#waiting.length > 0 && this.#free.length > 0) {
      const [task, thread] = [this.#waiting.shift() as Task, this.#free.shift() as WorkerThread];
      this.#running.set(thread, task);
      const { rows } = this.#source;
      thread.post(rows === undefined ? task.request : { ...task.request, indices: task.request.indices.map((index) => rows[index] as number) });
    }
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#failure ??= error;
    for (const task of [...this.#running.values(), ...this.#waiting.splice(0)]) task.reject(this.#failure);
    this.#running.clear();
  }

  #hold(isHeld: boolean): void {
    for (const thread of this.#threads) thread.hold(isHeld);
  }
}

/**
 * Makes batches by workers, in the order of the requests. Up to `ahead` are in preparation, or ready and not yet taken.
 */
export async function* inOrder(pool: WorkerPool, requests: Iterable<BatchRequest>, ahead: number): AsyncGenerator<unknown, void, undefined> {
  const pending: Promise<{ readonly items: unknown }>[] = [];
  const left = requests[Symbol.iterator]();
  try {
    for (;;) {
      while (pending.length < ahead) {
        const next = left.next();
        if (next.done === true) break;
        const made = pool.make(next.value).then((items) => ({ items }));
        // It is thrown when its turn comes, if it does.
        made.catch(() => undefined);
        pending.push(made);
      }
      const first = pending.shift();
      if (first === undefined) return;
      const made = await pool.waitFor(first);
      if (made === undefined) return;
      yield made.items;
    }
  } finally {
    await pool.end();
  }
}

function differentLengths({ name }: Recipe, found: number, expected: number): Error {
  return new UsageError(`moduleDataset: ${name} has ${found} items in a worker, ${expected} in the main thread; it must make the same data set each time it is called with the same arguments`);
}

function describeTask(task: Task | undefined): string {
  return task === undefined ? "its data set" : `the items ${[...task.request.indices.subarray(0, 8)].join(", ")}${task.request.indices.length > 8 ? ", …" : ""}`;
}
