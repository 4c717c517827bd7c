import { builtinIfAny } from "@nn/files/builtin";
import { UsageError } from "@nn/tensor";
import type { FromWorker, ToWorker } from "./messages.js";

/** The side of a worker: the messages from the thread that started it, and the answers to them. */
export interface WorkerPort {
  onMessage(listener: (message: ToWorker) => void): void;
  post(answer: FromWorker, moved: readonly ArrayBuffer[]): void;
}

/** The port of this worker. @throws UsageError outside of a worker. */
export function ownPort(): WorkerPort {
  const port = builtinIfAny("node:worker_threads")?.parentPort;
  if (port !== undefined && port !== null) {
    return { onMessage: (listener) => void port.on("message", listener), post: (answer, moved) => port.postMessage(answer, moved) };
  }
  if (!("WorkerGlobalScope" in globalThis)) throw new UsageError("moduleDataset: serve is for the program of a worker; in this thread call the function itself");
  return {
    onMessage: (listener) => globalThis.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => listener(data)),
    post: (answer, moved) => globalThis.postMessage(answer, { transfer: [...moved] }),
  };
}
