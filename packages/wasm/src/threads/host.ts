import type { Mail } from "./worker-source.js";

/** A worker of the host. */
export interface HostWorker {
  post(mail: Mail): void;
  /** Ends the worker at once. */
  end(): void;
}

/** The part of Node's `worker_threads` that is used here. */
interface NodeWorkerThreads {
  readonly Worker: new (
    source: string,
    options: { readonly eval: true; readonly name: string; readonly execArgv: readonly string[] },
  ) => NodeWorker;
}

interface NodeWorker {
  postMessage(mail: Mail, transfer: readonly never[]): void;
  unref(): void;
  on(event: "error" | "exit", listener: (reason: unknown) => void): void;
  terminate(): Promise<number>;
}

/**
 * Starts a worker that runs `source`. Throws if that is not possible.
 *
 * @param onEnd - called, with the reason, when the worker has ended by itself or could not start.
 */
export type StartWorker = (source: string, label: string, onEnd: (reason: string) => void) => HostWorker;

/** How this host starts workers: with `worker_threads` if it is built in, else with `Worker`; `undefined` without either. */
export function workerStarter(): StartWorker | undefined {
  const threads = nodeWorkerThreads();
  if (threads !== undefined) return (source, label, onEnd) => startNodeWorker(threads, source, label, onEnd);
  return typeof Worker === "function" && typeof Blob === "function" ? startWebWorker : undefined;
}

/** Whether this thread may sleep until another wakes it. The main thread of a browser may not. */
export function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * How many threads the host can run at the same time: the cores of its processor that this process may use, or 1 if that is
 * unknown.
 */
export function availableThreads(): number {
  const os: { availableParallelism?(): number } | undefined = builtinModule("node:os");
  const count = os?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency;
  return typeof count === "number" && count >= 1 ? Math.floor(count) : 1;
}

function nodeWorkerThreads(): NodeWorkerThreads | undefined {
  return builtinModule("node:worker_threads");
}

/** A module of Node (Deno and Bun have them too), without an import that a bundler for browsers would try to follow. */
function builtinModule<T>(name: string): T | undefined {
  const host: { getBuiltinModule?(name: string): T | undefined } | undefined = Reflect.get(globalThis, "process");
  return host?.getBuiltinModule?.(name);
}

function startNodeWorker(
  { Worker: NodeWorker }: NodeWorkerThreads,
  source: string,
  label: string,
  onEnd: (reason: string) => void,
): HostWorker {
  // With the default execArgv, the worker would load what the process was started with, such as a transpiler.
  const worker = new NodeWorker(source, { eval: true, name: label, execArgv: [] });
  worker.unref();
  worker.on("error", (error) => onEnd(String(error)));
  worker.on("exit", (code) => onEnd(`it ended with code ${String(code)}`));
  return { post: (mail) => worker.postMessage(mail, []), end: () => void worker.terminate() };
}

function startWebWorker(source: string, label: string, onEnd: (reason: string) => void): HostWorker {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  // A module worker, because every host has this kind.
  const worker = new Worker(address, { type: "module", name: label });
  worker.addEventListener("error", (failure) => onEnd(failure.message || "does the Content-Security-Policy allow worker-src blob: ?"));
  return {
    post: (mail) => worker.postMessage(mail, []),
    end() {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
