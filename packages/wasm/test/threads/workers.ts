/** Whether this is the thread of a page: it may not sleep, and workers start when it has returned to its event loop. */
export const inPage = typeof document !== "undefined";

/** A worker that a pool has started. */
export interface StartedWorker {
  postMessage(message: object): void;
  terminate(): unknown;
}

/** Collects the workers that are started until `stop` is called. */
export function watchWorkers(): { readonly workers: readonly StartedWorker[]; stop(): void } {
  const workers: StartedWorker[] = [];
  const add = (worker: StartedWorker): void => void workers.push(worker);
  if (!inPage) {
    process.on("worker", add);
    return { workers, stop: () => void process.off("worker", add) };
  }
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args);
      add(this);
    }
  };
  return { workers, stop: () => void (globalThis.Worker = Original) };
}
