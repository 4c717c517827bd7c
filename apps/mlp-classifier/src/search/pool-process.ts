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

type GivenTrial = Extract<ToProcess, { readonly type: "run" }>["trial"];

/** A trial whose study is in the process of the search. */
class ProcessTrial implements Trial<SettingsSpace> {
  readonly number: number;
  readonly parameters: Trial<SettingsSpace>["parameters"];
  readonly attempt: number;
  readonly seed: number;
  /** Never aborted: a search that is stopped ends its processes. */
  readonly signal = new AbortController().signal;
  #shouldPrune = false;

  constructor({ number, parameters, attempt, seed }: GivenTrial) {
    this.number = number;
    this.parameters = parameters;
    this.attempt = attempt;
    this.seed = seed;
  }

  /** Waits for what the study says to it. */
  async report(step: number, value: number): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      process.once("message", (message: ToProcess) => {
        this.#shouldPrune = message.type === "reported" && message.shouldPrune;
        resolve();
      });
    });
    tell({ type: "report", step, value });
    await answered;
  }

  async shouldPrune(): Promise<boolean> {
    return this.#shouldPrune;
  }
}

async function run(given: GivenTrial): Promise<void> {
  try {
    const { plan, data } = await search;
    tell({ type: "ended", outcome: outcomeOf(await runTrial(data, plan.given, plan.metric, new ProcessTrial(given))) });
  } catch (error) {
    tell({ type: "ended", outcome: outcomeOfThrown(error) });
  }
}

process.on("message", (message: ToProcess) => {
  if (message.type === "run") void run(message.trial);
});

// Ctrl-C reaches all processes of a terminal; the search ends its own.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
await once(process, "disconnect");
process.exit();
