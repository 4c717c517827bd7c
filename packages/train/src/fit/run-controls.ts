import type { Module } from "@nn/layers";
import { UsageError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import type { Stateful } from "../stateful.js";
import type { Outcome } from "./events.js";
import { knownMode, type Directions } from "./monitoring.js";
import type { Controls, Monitored } from "./plugin.js";

/** How a run ends. */
export interface Ending {
  readonly outcome: Outcome | "failed";
  readonly reason?: string | undefined;
  readonly error?: unknown;
}

/** What plugins and listeners have asked for, and what they may know. */
export interface Requests {
  ending: Ending | undefined;
  evaluation: boolean;
  checkpoint: boolean;
  /** The rate that was set during the run. */
  learningRate: number | undefined;
  monitor: Monitored | undefined;
  /** Which values are better. */
  directions: Directions;
  /** Whether the run is over, so that requests come to nothing. */
  isClosed: boolean;
}

/** The controls of a run: they note requests, which the run serves between its steps. */
export class RunControls implements Controls {
  readonly model: Module;
  readonly optimizer: Stateful;
  readonly #requests: Requests;
  readonly #canEvaluate: boolean;
  readonly #signal: AbortSignal | undefined;

  constructor(model: Module, optimizer: Stateful, canEvaluate: boolean, requests: Requests, signal: AbortSignal | undefined) {
    this.model = model;
    this.optimizer = optimizer;
    this.#canEvaluate = canEvaluate;
    this.#requests = requests;
    this.#signal = signal;
  }

  get monitor(): Monitored | undefined {
    return this.#requests.monitor;
  }

  modeOf(name: string): "min" | "max" | undefined {
    requireKind("modeOf", "name", name, "string");
    return knownMode(name, this.#requests.directions);
  }

  get learningRate(): number | undefined {
    const rate: unknown = Reflect.get(this.optimizer, "learningRate");
    return typeof rate === "number" ? rate : undefined;
  }

  set learningRate(rate: number | undefined) {
    requireKind("learningRate", "the learning rate", rate, "nonNegative");
    if (this.learningRate === undefined) throw new UsageError("learningRate: the optimizer has none that could be set; set it at the optimizer that it wraps");
    Reflect.set(this.optimizer, "learningRate", rate);
    this.#requests.learningRate = rate;
  }

  get isEnding(): boolean {
    return this.#requests.ending !== undefined || this.#requests.isClosed || this.#signal?.aborted === true;
  }

  stop(reason: string): void {
    requireKind("stop", "reason", reason, "string");
    if (!this.#requests.isClosed) this.#requests.ending ??= { outcome: "stopped", reason };
  }

  evaluate(): void {
    if (!this.#canEvaluate) throw new UsageError("evaluate: the run has no evaluation; give fit the option `evaluate`, or `validation`");
    this.#requests.evaluation = !this.#requests.isClosed;
  }

  save(): void {
    this.#requests.checkpoint = !this.#requests.isClosed;
  }
}
