import { requireKind } from "@nn/tensor/extend";
import { Averages, type AveragesState } from "../averages.js";
import type { EpochRecord, Position } from "./events.js";
import { History } from "./history.js";

/** The next part of an epoch: its steps, or its evaluation. */
type Phase = "steps" | "evaluation";

/** A state as it is saved. */
interface SavedRun {
  readonly epochs: number;
  readonly steps: number;
  readonly stepsInEpoch: number;
  readonly phase: Phase;
  readonly seconds: number;
  readonly learningRate?: number | undefined;
  readonly chosenRate?: number | undefined;
  readonly history: ReturnType<History<unknown>["save"]>;
  readonly averages: AveragesState;
}

/** The position of a run, its history and its averages: everything that another process needs to continue. */
export class RunState<V> {
  /** Number of complete epochs. */
  epochs = 0;
  /** Number of completed steps of the run. */
  steps = 0;
  /** Number of completed steps of the current epoch. */
  stepsInEpoch = 0;
  phase: Phase = "steps";
  /** The time of the current epoch's steps in seconds. */
  seconds = 0;
  /** The rate of the last step. */
  learningRate: number | undefined;
  /** The rate that was set during the run. */
  chosenRate: number | undefined;
  #history = new History<V>();
  /** The means over the current epoch's steps. */
  readonly averages = new Averages();

  /** The complete epochs, oldest first. */
  get history(): readonly EpochRecord<V>[] {
    return this.#history.records;
  }

  get position(): Position {
    // After an epoch, its number is still the present one for what follows it until the next step.
    return { epoch: this.stepsInEpoch === 0 && this.steps > 0 ? this.epochs : this.epochs + 1, step: this.steps, stepInEpoch: this.stepsInEpoch };
  }

  /** Completes an epoch and moves to the next one. */
  complete(record: EpochRecord<V>): void {
    this.#history.add(record);
    this.epochs += 1;
    this.stepsInEpoch = 0;
    this.phase = "steps";
    this.seconds = 0;
    this.averages.reset();
  }

  stateDict(): SavedRun {
    const { epochs, steps, stepsInEpoch, phase, seconds, learningRate, chosenRate } = this;
    return { epochs, steps, stepsInEpoch, phase, seconds, learningRate, chosenRate, history: this.#history.save(), averages: this.averages.stateDict() };
  }

  /** @throws ArgumentError, UsageError, and changes nothing, for an invalid state. */
  loadStateDict(state: unknown): void {
    const { averages, history, ...saved } = Object(state) as SavedRun;
    for (const name of ["epochs", "steps", "stepsInEpoch"] as const) requireKind("fit", `${name} of the checkpoint`, saved[name], "size");
    requireKind("fit", "seconds of the checkpoint", saved.seconds, "nonNegative");
    requireKind("fit", "phase of the checkpoint", saved.phase, ["steps", "evaluation"]);
    for (const name of ["learningRate", "chosenRate"] as const) if (saved[name] !== undefined) requireKind("fit", `${name} of the checkpoint`, saved[name], "nonNegative");
    const records = History.of<V>(history, saved.epochs);
    this.averages.loadStateDict(averages);
    this.epochs = saved.epochs;
    this.steps = saved.steps;
    this.stepsInEpoch = saved.stepsInEpoch;
    this.phase = saved.phase;
    this.seconds = saved.seconds;
    this.learningRate = saved.learningRate;
    this.chosenRate = saved.chosenRate;
    this.#history = records;
  }
}
