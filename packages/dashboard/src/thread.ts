import { messageOf } from "@nn/tensor/extend";
import { parentPort, workerData } from "node:worker_threads";
import { startServer, type StartOptions } from "./server/server.js";

/** The first message of the thread: the address of the page, or why there is none. */
export type ThreadMessage = { readonly address: string } | { readonly problem: string };

/** What the training thread asks for, and the answer: that open pages have been sent what there is by now. */
export type FlushRequest = "flush";
export type FlushAnswer = "flushed";

// The thread of the server: it reads what the training thread writes to the disk, and shares nothing with it.
try {
  const { address, flush } = await startServer(workerData as StartOptions);
  parentPort?.on("message", (request: FlushRequest) => {
    if (request === "flush") void flush().then(() => parentPort?.postMessage("flushed" satisfies FlushAnswer, []));
  });
  parentPort?.postMessage({ address } satisfies ThreadMessage, []);
} catch (error) {
  parentPort?.postMessage({ problem: messageOf(error) } satisfies ThreadMessage, []);
}
