import { ArgumentError, HostState } from "@nn/tensor";
import { describeValue, requireSynchronous } from "@nn/tensor/extend";

/**
 * A function from the step to the learning rate or the momentum. Steps of the optimizer are counted from 0. The optimizer calls it before
 * every step, also for a compiled step.
 */
export type Schedule = (step: number) => number;

/** A constant learning rate, or a schedule. */
export type LearningRate = number | Schedule;

/** The value of a learning rate at a step, unchecked. */
export function rateAt(rate: LearningRate, step: number): number {
  return typeof rate === "number" ? rate : requireSynchronous("schedule", "the function", rate(step));
}

/** Throws unless the value is a finite number, at least 0, or a schedule. */
export function requireRate(owner: string, what: string, rate: unknown): void {
  if (typeof rate !== "function" && !isRate(rate)) refuseRate(owner, what, rate, " or a schedule");
}

/** A learning rate that can change between steps. Without its own value it uses that of another setting. */
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

  /** The setting's own rate, if it has one. */
  get own(): LearningRate | undefined {
    return this.#own.value;
  }

  set own(rate: LearningRate | undefined) {
    this.#own.value = rate;
  }

  /** @throws ArgumentError unless the value is a finite number, at least 0, or a schedule. */
  set(rate: LearningRate): void {
    requireRate(this.#owner, "learningRate", rate);
    this.own = rate;
  }

  /** @throws ArgumentError if a schedule returns a number that is negative or not finite. */
  at(step: number): number {
    if (this.own === undefined) return this.#otherwise?.at(step) ?? 0;
    const rate = rateAt(this.own, step);
    if (!isRate(rate)) refuseRate(this.#owner, `the learning rate of step ${step}`, rate, "");
    return rate;
  }

  /** The setting's own rate, if that is a number. */
  get number(): number | null {
    return typeof this.own === "number" ? this.own : null;
  }

  /** Loads a saved number. A schedule does not change. */
  restore(saved: number | null): void {
    if (saved !== null && this.number !== null) this.set(saved);
  }
}

const isRate = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;

function refuseRate(owner: string, what: string, value: unknown, orElse: string): never {
  throw new ArgumentError(`${owner}: ${what} is ${describeValue(value)}, expected a finite number, at least 0${orElse && `,${orElse}`}`);
}
