import type { Recorder, RunCommand, StatusRecord } from "@nn/records";
import { CommandReader } from "@nn/records/node";
import type { Controls } from "@nn/train";
import { setTimeout as delay } from "node:timers/promises";

/** The interval at which the file of commands is read, in milliseconds, while the run trains and while it is paused. */
const interval = 250;

const obeyed: readonly RunCommand[] = ["pause", "resume", "stop", "save"];

/** Carries out the commands of the dashboard to a run. */
export class CommandListener {
  readonly #reader: CommandReader;
  readonly #recorder: Recorder;
  readonly #details: Pick<StatusRecord, "totalSteps" | "commands">;
  #lookedAt = -Infinity;
  #isPaused = false;

  constructor(folder: string, recorder: Recorder, details: Pick<StatusRecord, "totalSteps">) {
    this.#reader = new CommandReader(folder);
    this.#recorder = recorder;
    this.#details = { ...details, commands: obeyed };
  }

  begin(step: number): void {
    this.#recorder.status(step, "running", this.#details);
  }

  /** Reads the file at intervals. A paused run waits here until it is resumed or ended. */
  obey(step: number, controls: Controls): void | Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt < interval) return undefined;
    this.#lookedAt = now;
    this.#read(step, controls);
    return this.#isPaused ? this.#wait(step, controls) : undefined;
  }

  async #wait(step: number, controls: Controls): Promise<void> {
    while (this.#isPaused && !controls.isEnding) {
      await delay(interval);
      this.#read(step, controls);
    }
    this.#isPaused = false;
  }

  #read(step: number, controls: Controls): void {
    for (const command of this.#reader.read()) {
      switch (command) {
        case "pause": this.#setPaused(step, true); break;
        case "resume": this.#setPaused(step, false); break;
        case "save": controls.save(); break;
        case "stop":
          this.#isPaused = false;
          controls.stop("stopped through the dashboard");
      }
    }
  }

  #setPaused(step: number, isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#recorder.status(step, isPaused ? "paused" : "running", this.#details);
  }
}
