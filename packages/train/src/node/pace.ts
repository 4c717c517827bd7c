/** The weight of a new measurement relative to the earlier ones. */
const newest = 0.2;

/** The shortest duration of a measurement, in seconds. */
const shortest = 0.2;

/** Estimates the remaining time of a run from its recent speed, evaluation and saving included. */
export class Pace {
  #rate = Number.NaN;
  #step: number;
  #time: number;

  /** @param time - in seconds. */
  constructor(step: number, time: number) {
    this.#step = step;
    this.#time = time;
  }

  /** Records the number of steps that are done at a time in seconds. */
  record(step: number, time: number): void {
    const elapsed = time - this.#time;
    if (elapsed <= 0 || (elapsed < shortest && !Number.isNaN(this.#rate))) return;
    const rate = (step - this.#step) / elapsed;
    this.#rate = Number.isNaN(this.#rate) ? rate : this.#rate + newest * (rate - this.#rate);
    this.#step = step;
    this.#time = time;
  }

  /** Steps in a second; NaN before the first measurement. */
  get rate(): number {
    return this.#rate;
  }
}
