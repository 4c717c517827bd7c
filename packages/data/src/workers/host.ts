import { builtinIfAny } from "@nn/files/builtin";
import { UsageError } from "@nn/tensor";
import type { FromWorker, ToWorker } from "./messages.js";

/** A thread that reads items. */
export interface WorkerThread {
  post(message: ToWorker): void;
  /** Called with each answer. */
  onAnswer: (answer: FromWorker) => void;
  /** Called, with the reason, when the thread has ended by itself or could not start. */
  onEnd: (reason: string) => void;
  /** Whether the thread keeps the process alive. */
  hold(isHeld: boolean): void;
  /** Ends the thread at once. */
  end(): Promise<void>;
}

/** The part of a worker of Node (`node:worker_threads`) that a data loader uses. */
export interface NodeWorker {
  /** Sends a message to it. */
  postMessage(message: unknown, moved: readonly never[]): void;
  /** Adds a listener for its messages, its errors or its end. */
  on(event: string, listener: (value: unknown) => void): unknown;
  /** Lets it keep the process alive. */
  ref(): void;
  /** Lets the process end although it runs. */
  unref(): void;
  /** Ends it at once. */
  terminate(): Promise<number>;
}

/** A worker of Node or of a browser. */
export type AnyWorker = Worker | NodeWorker;

/**
 * The program that a worker starts with. It imports the module of its data set, and with it this package, and hands the first message over. It is a text, so that it needs no
 * file of its own and survives bundling.
 */
const program = `"use strict";
const node = globalThis.process?.getBuiltinModule?.("node:worker_threads")?.parentPort;
const begin = async ({ module, name, ...recipe }) => {
  let why = "has no export of this name";
  try {
    const made = (await import(module))[name];
    if (typeof made?.serve === "function") return made.serve({ module, name, ...recipe });
    if (made !== undefined) why = "exports something else under this name";
  } catch (error) {
    why = "cannot be imported: " + (error?.stack ?? error);
  }
  const message = "moduleDataset: the module " + module + " " + why + "; export there what moduleDataset returns as " + JSON.stringify(name);
  (node ?? globalThis).postMessage({ kind: "failed", error: { name: "UsageError", message } });
};
let begun = false;
const first = (message) => {
  if (!begun) begin(message);
  begun = true;
};
if (node) node.on("message", first);
else addEventListener("message", ({ data }) => first(data));`;

/**
 * Starts a thread.
 * @throws UsageError if the host has no workers.
 */
export function startThread(custom: (() => AnyWorker) | undefined): WorkerThread {
  if (custom !== undefined) {
    const worker = custom();
    return "on" in worker ? nodeThread(worker) : webThread(worker);
  }
  const threads = builtinIfAny("node:worker_threads");
  if (threads !== undefined) return nodeThread(new threads.Worker(program, { eval: true, name: "nn-data" }));
  if (typeof Worker !== "function") throw new UsageError("DataLoader: this host has no workers; use workers: 0");
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  return webThread(new Worker(address, { type: "module", name: "nn-data" }), () => URL.revokeObjectURL(address));
}

function nodeThread(worker: NodeWorker): WorkerThread {
  const thread: WorkerThread = {
    post: (message) => worker.postMessage(message, []),
    onAnswer: () => undefined,
    onEnd: () => undefined,
    hold: (isHeld) => {
      if (isHeld) worker.ref();
      else worker.unref();
    },
    end: async () => {
      await worker.terminate();
    },
  };
  worker.on("message", (answer) => thread.onAnswer(answer as FromWorker));
  worker.on("messageerror", (error) => thread.onEnd(String(error)));
  worker.on("error", (error) => thread.onEnd(String(error)));
  worker.on("exit", (code) => thread.onEnd(`it ended with code ${String(code)}`));
  return thread;
}

function webThread(worker: Worker, atEnd = (): void => undefined): WorkerThread {
  const thread: WorkerThread = {
    post: (message) => worker.postMessage(message, []),
    onAnswer: () => undefined,
    onEnd: () => undefined,
    hold: () => undefined,
    end: async () => {
      worker.terminate();
      atEnd();
    },
  };
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => thread.onAnswer(data));
  worker.addEventListener("messageerror", () => thread.onEnd("its answer cannot be read"));
  worker.addEventListener("error", (failure) => thread.onEnd(failure.message || "does the Content-Security-Policy allow worker-src blob: ?"));
  return thread;
}
