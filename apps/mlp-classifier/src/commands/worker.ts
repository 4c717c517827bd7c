import { once } from "node:events";
import { TrialWorker } from "@nn/search-bullmq";
import { readSearch } from "../search/read-search.js";
import { queueName, requireRedis } from "../search/workers.js";
import { describeFacts } from "../terminal/facts.js";
import { counted, grouped } from "../terminal/format.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of a worker. */
export interface WorkerRequest {
  /** The folder of the search, or a copy of it. */
  readonly folder: string;
  readonly redis: string;
  /** How many trials it runs at once. */
  readonly concurrency: number;
  readonly json: boolean;
}

/** Runs trials of a search until the signal; the trials that run then are finished first. */
export async function work({ folder, redis, concurrency, json }: WorkerRequest, terminal: Terminal, signal: AbortSignal): Promise<void> {
  // What is wrong with the data fails here, once, and not in each trial.
  const { plan, data } = await readSearch(folder);
  await requireRedis(redis);
  process.env["NN_MLP_SEARCH"] = folder;
  const worker = new TrialWorker(queueName(plan), new URL("./trial-process.js", import.meta.url), { redis, concurrency });
  try {
    await worker.ready();
    if (json) terminal.event("working", { folder, concurrency });
    else {
      terminal.print(...describeFacts([
        ["search", folder], ["data", `${data.name}: ${grouped(data.train.length)} to train on`], ["trials", `${counted(concurrency, "trial")} at once`],
      ], terminal.style, terminal.columns), "", "Ctrl-C ends the worker after the trials that it runs.");
    }
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    await worker.close();
  }
}
