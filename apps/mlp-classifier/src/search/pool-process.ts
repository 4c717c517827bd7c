import { once } from "node:events";
import { outcomeOf, outcomeOfThrown, type Trial } from "@nn/search";
import { runTrial } from "./objective.js";
import { readSearch } from "./read-search.js";
import type { SettingsSpace } from "./space.js";
import type { FromProcess, ToProcess } from "./trial-pool.js";

// A process in which a search runs trials on its own machine, one after another. Its argument is the folder of the search.

const search = readSearch(process.argv[2] ?? "");
// A trial that awaits it has the error.
search.catch(() => undefined);

const tell = (message: FromProcess): void => void process.send?.(message);

/** A trial whose study is in the process of the search. */
class ProcessTrial implements Trial<SettingsSpace> {
  readonly number: number;
  readonly parameters: Trial<SettingsSpace>["parameters"];
  readonly attempt: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  #shouldPrune = false;

  constructor({ number, parameters, attempt, seed }: Extract<ToProcess, { readonly type: "run" }>["trial"], signal: AbortSignal) {
    this.number = number;
    this.parameters = parameters;
    this.attempt = attempt;
    this.seed = seed;
    this.signal = signal;
  }

  /** Waits for what the study says to it. */
  async report(step: number, value: number): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      const hear = (message: ToProcess): void => {
        if (message.type === "run") return;
        if (message.type === "reported") this.#shouldPrune = message.shouldPrune;
        process.off("message", hear);
        resolve();
      };
      process.on("message", hear);
    });
    tell({ type: "report", step, value });
    await answered;
  }

  async shouldPrune(): Promise<boolean> {
    return this.#shouldPrune;
  }
}

async function run(given: Extract<ToProcess, { readonly type: "run" }>["trial"], signal: AbortSignal): Promise<void> {
  try {
    const { plan, data } = await search;
    tell({ type: "ended", outcome: outcomeOf(await runTrial(data, plan.given, plan.metric, new ProcessTrial(given, signal))) });
  } catch (error) {
    tell({ type: "ended", outcome: outcomeOfThrown(error) });
  }
}

let stop = new AbortController();
process.on("message", (message: ToProcess) => {
  if (message.type === "abort") stop.abort(new Error("the search was stopped"));
  if (message.type !== "run") return;
  stop = new AbortController();
  void run(message.trial, stop.signal);
});

// Ctrl-C reaches all processes of a terminal; the search ends its own.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
await once(process, "disconnect");
process.exit();
