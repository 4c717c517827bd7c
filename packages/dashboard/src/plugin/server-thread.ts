import { UsageError } from "@nn/tensor";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { StartOptions } from "../server/server.js";
import type { FlushRequest, ThreadMessage } from "../thread.js";

/** A server in a separate thread. */
export interface ServerThread {
  readonly address: string;
  /** Sends all records so far to open pages, and resolves when the operating system has accepted them. Waits for at most two seconds. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** How long this thread waits for the server to send all records so far, in milliseconds. */
const flushPatience = 2000;

/** The program of the thread. The build puts it beside the package's code. */
const program = fileURLToPath(new URL("thread.js", import.meta.url));

/**
 * Serves a folder of runs in a separate thread, so that a training step never waits for a page. The thread does not keep the process alive, but sends open pages the
 * last records before the process ends.
 * @throws UsageError if the server cannot start.
 */
export async function startServerThread(options: StartOptions, file = program): Promise<ServerThread> {
  if (!existsSync(file)) {
    throw new UsageError(`dashboard: the program of its server is not at ${file}, as where the package was bundled into another file; leave @nn/dashboard out of the bundle, or record with recording(folder) and show the folder with nn-dashboard`);
  }
  const worker = new Worker(file, { workerData: options, name: "nn-dashboard" });
  const message = await new Promise<ThreadMessage>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  if ("problem" in message) {
    await worker.terminate();
    throw new UsageError(message.problem.replace(/^serve/, "dashboard"));
  }
  worker.unref();
  // A fault of the server must not end the run: the page is gone then, and says so.
  worker.on("error", () => undefined);
  let isOver = false;
  worker.once("exit", () => {
    isOver = true;
  });
  const flush = async (): Promise<void> => {
    if (!isOver) await flushed(worker);
  };
  // Something may be recorded after the run, such as a test.
  const atExit = (): void => void flush();
  globalThis.process.once("beforeExit", atExit);
  return {
    address: message.address,
    flush,
    close: async () => {
      globalThis.process.off("beforeExit", atExit);
      await worker.terminate();
    },
  };
}

/** Asks the thread to send what there is, and keeps the process alive until it has answered, or its patience ends. */
async function flushed(worker: Worker): Promise<void> {
  worker.ref();
  let patience: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    const done = (): void => resolve();
    worker.once("message", done).once("exit", done);
    patience = setTimeout(done, flushPatience);
    worker.postMessage("flush" satisfies FlushRequest, []);
  });
  clearTimeout(patience);
  worker.unref();
}
