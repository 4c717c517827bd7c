declare global {
  /** The playground's worker, if the page has started it before its scripts were there. Its name is the query of the page's address. */
  var nnPlaygroundWorker: Worker | undefined;
}

/** Starts the worker that trains any task. */
export const startWorker = (): Worker => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** Starts the worker that trains the playground's network, or takes the one that the page has started. */
export function startPlaygroundWorker(): Worker {
  const early = globalThis.nnPlaygroundWorker;
  globalThis.nnPlaygroundWorker = undefined;
  return early ?? new Worker(new URL("./playground-worker.ts", import.meta.url), { type: "module" });
}
