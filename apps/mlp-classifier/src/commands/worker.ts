import { once } from "node:events";
import { TrialWorker, type WorkerEvent } from "@nn/search-bullmq";
import { folderNamed, searchesFolder } from "../run/run-folder.js";
import type { SearchPlan } from "../search/plan.js";
import { readSearch } from "../search/read-search.js";
import { connectionNotes, queueName, requireRedis, serverOf } from "../search/workers.js";
import { describeFacts } from "../terminal/facts.js";
import { counted, duration, grouped } from "../terminal/format.js";
import { describeParameters, metricText } from "../terminal/search-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of a worker. */
export interface WorkerRequest {
  /** The folder of the search, a copy of it, or its name in `searches`. */
  readonly folder: string;
  readonly redis: string;
  /** How many trials it runs at once. */
  readonly concurrency: number;
  readonly json: boolean;
}

/** Runs trials of a search until the signal; the trials that run then are finished first. */
export async function work({ folder: given, redis, concurrency, json }: WorkerRequest, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const folder = await folderNamed(given, searchesFolder);
  // What is wrong with the data fails here, once, and not in each trial.
  const { plan, data } = await readSearch(folder);
  await requireRedis(redis);
  process.env["NN_MLP_SEARCH"] = folder;
  const output = new WorkerOutput(plan, json, terminal);
  const worker = new TrialWorker(queueName(plan), new URL("./trial-process.js", import.meta.url), {
    redis, concurrency, onTrial: (event) => output.tell(event), onConnectionError: connectionNotes(terminal, redis, "the worker"),
  });
  try {
    await worker.ready();
    if (json) terminal.event("working", { folder, redis: serverOf(redis), concurrency });
    else {
      terminal.print(...describeFacts([
        ["search", folder], ["redis", `connected to ${serverOf(redis)}`], ["data", `${data.name}: ${grouped(data.train.length)} to train on`], ["trials", `${counted(concurrency, "trial")} at once`],
      ], terminal.style, terminal.columns), "", "Ctrl-C ends the worker after the trials that it runs.", "");
    }
    if (!signal.aborted) await once(signal, "abort");
    if (!json) terminal.print(output.running === 0 ? "The worker ends." : `The worker ends after ${counted(output.running, "trial")}.`);
  } finally {
    await worker.close();
  }
}

/** Tells what a worker does: the trials that it takes, and how they end. */
class WorkerOutput {
  readonly #plan: SearchPlan;
  readonly #json: boolean;
  readonly #terminal: Terminal;
  /** When the trials that run here began, by their numbers. */
  readonly #began = new Map<number, number>();

  constructor(plan: SearchPlan, json: boolean, terminal: Terminal) {
    this.#plan = plan;
    this.#json = json;
    this.#terminal = terminal;
  }

  /** How many trials run here. */
  get running(): number {
    return this.#began.size;
  }

  tell(event: WorkerEvent): void {
    const { trial } = event;
    const seconds = (performance.now() - (this.#began.get(trial) ?? performance.now())) / 1000;
    if (event.type === "begin") this.#began.set(trial, performance.now());
    else this.#began.delete(trial);
    if (this.#json) this.#terminal.event("trial", { ...event });
    else this.#terminal.print(`trial ${trial} ${this.#words(event, seconds)}`);
  }

  #words(event: WorkerEvent, seconds: number): string {
    if (event.type === "begin") return `begins: ${describeParameters(Object(event.parameters))}`;
    if (event.type === "lost") return `is lost here and will run again: ${event.reason}`;
    const { outcome } = event;
    if (outcome.state === "completed") return `ends after ${duration(seconds)}: validation ${this.#plan.metric} ${metricText(this.#plan.metric, outcome.value)}`;
    return outcome.state === "pruned" ? `is pruned after ${duration(seconds)}` : `fails: ${outcome.reason}`;
  }
}
