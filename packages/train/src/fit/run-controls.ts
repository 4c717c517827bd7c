import type { Module } from "@nn/layers";
import { UsageError, type Tensor } from "@nn/tensor";
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

/** The requests of plugins and listeners, and the information that they can read. */
export interface Requests {
  ending: Ending | undefined;
  evaluation: boolean;
  checkpoint: boolean;
  /** The rate that was set during the run. */
  learningRate: number | undefined;
  monitor: Monitored | undefined;
  /** Whether larger or smaller values are better. */
  directions: Directions;
  /** Whether the run is over, so that requests have no effect. */
  isClosed: boolean;
  /** The state that was evaluated after the latest step, if it differs from the state of the model. */
  evaluated: Readonly<Record<string, Tensor>> | undefined;
  /** Whether an evaluation is running, so that the model has the weights for evaluations. */
  isEvaluating: boolean;
}

/** The parts of a run that its controls need. */
export interface Controlled {
  readonly model: Module;
  readonly optimizer: Stateful;
  readonly signal: AbortSignal | undefined;
  readonly canEvaluate: boolean;
  /** See {@link Plugin.swapWeights}. */
  readonly swapWeights: (evaluated: boolean) => void;
}

/** The controls of a run: they record requests, which the run carries out between its steps. */
export class RunControls implements Controls {
  readonly model: Module;
  readonly optimizer: Stateful;
  readonly #run: Controlled;
  readonly #requests: Requests;

  constructor(run: Controlled, requests: Requests) {
    this.model = run.model;
    this.optimizer = run.optimizer;
    this.#run = run;
    this.#requests = requests;
  }

  get monitor(): Monitored | undefined {
    return this.#requests.monitor;
  }

  evaluatedState(): Readonly<Record<string, Tensor>> {
    const { evaluated, isEvaluating, isClosed } = this.#requests;
    if (evaluated !== undefined) return evaluated;
    if (isEvaluating || isClosed) return this.model.stateDict();
    this.#run.swapWeights(true);
    try {
      return this.model.stateDict();
    } finally {
      this.#run.swapWeights(false);
    }
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
    if (this.learningRate === undefined) throw new UsageError("learningRate: this optimizer has no learning rate to set; set that of the optimizer that it wraps");
    Reflect.set(this.optimizer, "learningRate", rate);
    this.#requests.learningRate = rate;
  }

  get isEnding(): boolean {
    return this.#requests.ending !== undefined || this.#requests.isClosed || this.#run.signal?.aborted === true;
  }

  stop(reason: string): void {
    requireKind("stop", "reason", reason, "string");
    if (!this.#requests.isClosed) this.#requests.ending ??= { outcome: "stopped", reason };
  }

  evaluate(): void {
    if (!this.#run.canEvaluate) throw new UsageError("evaluate: the run has no evaluation; give fit the option `evaluate`, or `validation`");
    this.#requests.evaluation = !this.#requests.isClosed;
  }

  save(): void {
    this.#requests.checkpoint = !this.#requests.isClosed;
  }
}
