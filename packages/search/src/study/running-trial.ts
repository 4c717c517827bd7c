import { ArgumentError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import type { Space } from "../space/parameters.js";
import type { ParametersOf } from "../space/space.js";
import type { Trial } from "./trial.js";
import type { Report } from "./trial-record.js";

/** The parts of a study that a trial uses. */
export interface TrialHost {
  report(report: Report): Promise<void>;
  shouldPrune(): Promise<boolean>;
}

/** The {@link Trial} of a study. */
export class RunningTrial<S extends Space> implements Trial<S> {
  readonly number: number;
  readonly parameters: ParametersOf<S>;
  readonly attempt: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly #host: TrialHost;
  #lastStep = -1;

  constructor(fields: Pick<Trial<S>, "number" | "parameters" | "attempt" | "seed" | "signal">, host: TrialHost) {
    this.number = fields.number;
    this.parameters = fields.parameters;
    this.attempt = fields.attempt;
    this.seed = fields.seed;
    this.signal = fields.signal;
    this.#host = host;
  }

  async report(step: number, value: number): Promise<void> {
    requireKind("report", "step", step, "size");
    requireKind("report", "value", value, "finite");
    if (step <= this.#lastStep) throw new ArgumentError(`report: step ${step} after step ${this.#lastStep}, expected steps that increase`);
    this.#lastStep = step;
    await this.#host.report({ step, value });
  }

  async shouldPrune(): Promise<boolean> {
    return this.#host.shouldPrune();
  }
}
