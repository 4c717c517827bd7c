/** How much a new measurement counts against the earlier ones. */
const newest = 0.2;

/** How long a measurement lasts at least, in seconds. */
const shortest = 0.2;

/** Estimates the remaining time of a run from its recent speed, including validation and saving. */
export class Pace {
  #rate = Number.NaN;
  #step: number;
  #time: number;

  constructor(step: number, time: number) {
    this.#step = step;
    this.#time = time;
  }

  /** Records the number of completed steps at a time in seconds. */
  record(step: number, time: number): void {
    const elapsed = time - this.#time;
    if (elapsed < shortest && !Number.isNaN(this.#rate)) return;
    if (elapsed <= 0) return;
    const rate = (step - this.#step) / elapsed;
    this.#rate = Number.isNaN(this.#rate) ? rate : this.#rate + newest * (rate - this.#rate);
    this.#step = step;
    this.#time = time;
  }

  /** Steps a second. */
  get rate(): number {
    return Number.isNaN(this.#rate) ? 0 : this.#rate;
  }

  /** Seconds until this many steps are done; NaN before the first measurement. */
  secondsLeft(steps: number): number {
    return steps / this.#rate;
  }
}
