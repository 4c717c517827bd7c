/** Starts the worker that trains any task. */
export const startWorker = (): Worker => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** Starts the worker that trains the playground's network. */
export const startPlaygroundWorker = (): Worker => new Worker(new URL("./playground-worker.ts", import.meta.url), { type: "module" });
