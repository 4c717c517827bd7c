import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { TrialPruned, type Trial, type TrialOutcome } from "@nn/search";
import type { SettingsSpace } from "./space.js";

/** What a process of the pool is told. */
export type ToProcess =
  | { readonly type: "run"; readonly trial: Pick<Trial<SettingsSpace>, "number" | "attempt" | "seed" | "parameters"> }
  /** The answer to a report. */
  | { readonly type: "reported"; readonly shouldPrune: boolean };

/** What a process of the pool tells. */
export type FromProcess = { readonly type: "report"; readonly step: number; readonly value: number } | { readonly type: "ended"; readonly outcome: TrialOutcome };

/** Where the build puts the program of the processes: beside that of the command line. */
const program = fileURLToPath(new URL("./pool-process.js", import.meta.url));

/** Processes of this machine that run the trials of a search, each one trial at a time. They are started as they are needed. */
export class TrialPool {
  readonly #folder: string;
  readonly #all = new Set<ChildProcess>();
  readonly #idle: ChildProcess[] = [];

  /** @param folder - that of the search, which each process reads. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a trial in a process that is idle, or in a new one. */
  readonly objective = async (_: unknown, trial: Trial<SettingsSpace>): Promise<number> => {
    const child = this.#idle.pop() ?? this.#fork();
    const outcome = await new PoolTrial(child, trial).ended;
    if (child.connected) this.#idle.push(child);
    if (outcome.state === "completed") return outcome.value;
    if (trial.signal.aborted) throw trial.signal.reason;
    if (outcome.state === "pruned") throw new TrialPruned();
    throw new Error(outcome.reason);
  };

  /** Ends all processes; they have nothing to save. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map(async (child) => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }));
  }

  #fork(): ChildProcess {
    const child = fork(program, [this.#folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#all.add(child);
    child.once("exit", () => this.#all.delete(child));
    return child;
  }
}

/** A trial that a process runs. */
class PoolTrial {
  /** How it ended; it failed if its process did. Rejects with what its study could not do. */
  readonly ended: Promise<TrialOutcome>;
  readonly #child: ChildProcess;
  readonly #trial: Trial<SettingsSpace>;

  constructor(child: ChildProcess, trial: Trial<SettingsSpace>) {
    this.#child = child;
    this.#trial = trial;
    this.ended = this.#run();
  }

  async #run(): Promise<TrialOutcome> {
    const { number, attempt, seed, parameters, signal } = this.#trial;
    const over = new AbortController();
    // The trial is run again when the search continues: there is nothing to save.
    const abort = (): void => void this.#child.kill("SIGKILL");
    signal.addEventListener("abort", abort, { signal: over.signal });
    try {
      return await new Promise<TrialOutcome>((resolve, reject) => {
        const onMessage = (message: FromProcess): void => {
          if (message.type === "ended") resolve(message.outcome);
          else this.#report(message.step, message.value).catch(reject);
        };
        const onExit = (code: number | null, by: NodeJS.Signals | null): void => resolve({ state: "failed", reason: `its process ended with ${by ?? `exit code ${code}`}` });
        this.#child.on("message", onMessage).once("exit", onExit).once("error", reject);
        over.signal.addEventListener("abort", () => this.#child.off("message", onMessage).off("exit", onExit).off("error", reject));
        this.#send({ type: "run", trial: { number, attempt, seed, parameters } });
        if (signal.aborted) abort();
      });
    } finally {
      over.abort();
    }
  }

  async #report(step: number, value: number): Promise<void> {
    await this.#trial.report(step, value);
    this.#send({ type: "reported", shouldPrune: await this.#trial.shouldPrune() });
  }

  /** That a process has ended is heard as its exit. */
  #send(message: ToProcess): void {
    this.#child.send(message, () => undefined);
  }
}
