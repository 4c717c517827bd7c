import { ArgumentError, HostState } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/**
 * Gives the learning rate, or the momentum, of each step, counted from 0 over all steps of the optimizer. Any function of this form is a
 * schedule. It is called in every step, also in a compiled one.
 */
export type Schedule = (step: number) => number;

/** A constant learning rate, or a schedule. */
export type LearningRate = number | Schedule;

/** The value of a learning rate at a step, as it is. */
export function rateAt(rate: LearningRate, step: number): number {
  return typeof rate === "number" ? rate : rate(step);
}

/** Refuses what is neither a finite number from 0 nor a schedule. */
export function requireRate(owner: string, what: string, rate: unknown): void {
  if (typeof rate !== "function") requireNumber(owner, what, rate, " or a schedule");
}

/** A learning rate that may be replaced between steps. Without a rate of its own it has that of another setting. */
export class RateSetting {
  readonly #owner: string;
  readonly #otherwise: RateSetting | undefined;
  readonly #own: HostState<LearningRate | undefined>;

  constructor(owner: string, own: LearningRate | undefined, otherwise?: RateSetting) {
    if (own !== undefined || otherwise === undefined) requireRate(owner, "learningRate", own);
    this.#owner = owner;
    this.#otherwise = otherwise;
    this.#own = new HostState(own, `${owner}.learningRate`);
  }

  /** The rate, if there is one of its own. */
  get own(): LearningRate | undefined {
    return this.#own.value;
  }

  set own(rate: LearningRate | undefined) {
    this.#own.value = rate;
  }

  /** @throws ArgumentError for what is neither a finite number from 0 nor a schedule. */
  set(rate: LearningRate): void {
    requireRate(this.#owner, "learningRate", rate);
    this.own = rate;
  }

  /** @throws ArgumentError if a schedule gives a number that is negative or not finite. */
  at(step: number): number {
    if (this.own === undefined) return this.#otherwise?.at(step) ?? 0;
    const rate = rateAt(this.own, step);
    requireNumber(this.#owner, `the learning rate of step ${step}`, rate, "");
    return rate;
  }

  /** The number, if it is one of its own. */
  get number(): number | null {
    return typeof this.own === "number" ? this.own : null;
  }

  /** Takes over a number that was saved; a schedule stays. */
  restore(saved: number | null): void {
    if (saved !== null && this.number !== null) this.set(saved);
  }
}

function requireNumber(owner: string, what: string, value: unknown, orElse: string): void {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return;
  throw new ArgumentError(`${owner}: ${what} is ${describeValue(value)}, expected a finite number, at least 0${orElse && `,${orElse}`}`);
}
