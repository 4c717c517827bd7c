import { ArgumentError, HostState } from "@nn/tensor";

/**
 * The learning rate, or the momentum, of each step, counted from 0 over all steps of the optimizer. Any function of this form is a
 * schedule; it is asked anew for every step, also of a compiled program.
 */
export type Schedule = (step: number) => number;

/** A learning rate that stays, or a schedule. */
export type LearningRate = number | Schedule;

/** The value of a learning rate at a step, as it is. */
export function rateAt(rate: LearningRate, step: number): number {
  return typeof rate === "number" ? rate : rate(step);
}

/** A learning rate that may be exchanged between steps; where there is none of its own, another setting's. */
export class RateSetting {
  readonly #own: HostState<LearningRate | undefined>;
  readonly #otherwise: RateSetting | undefined;

  constructor(own: LearningRate | undefined, otherwise?: RateSetting) {
    if (own !== undefined || otherwise === undefined) requireRate(own);
    this.#own = new HostState(own, "learningRate");
    this.#otherwise = otherwise;
  }

  /** @throws ArgumentError for a number that is negative or not finite. */
  set(rate: LearningRate): void {
    requireRate(rate);
    this.#own.value = rate;
  }

  /** @throws ArgumentError if a schedule gives a number that is negative or not finite. */
  at(step: number): number {
    const own = this.#own.value;
    if (own === undefined) return this.#otherwise?.at(step) ?? 0;
    const rate = rateAt(own, step);
    requireNumber(`learning rate of step ${step}`, rate);
    return rate;
  }

  /** The number, if it is one of its own. */
  get number(): number | null {
    const own = this.#own.value;
    return typeof own === "number" ? own : null;
  }

  /** Takes over a number that was saved; a schedule stays. */
  restore(saved: number | null): void {
    if (saved !== null && this.number !== null) this.set(saved);
  }
}

function requireRate(rate: unknown): void {
  if (typeof rate !== "function") requireNumber("learning rate", rate);
}

function requireNumber(what: string, value: unknown): void {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return;
  const found = typeof value === "number" ? value : value === undefined ? "not given" : `of type ${typeof value}`;
  throw new ArgumentError(`${what} is ${found}, expected a finite number that is not negative`);
}
