/** How long a measurement lasts, in milliseconds. */
const span = 500;

/** Measures how many steps a training takes in a second. */
export class Pace {
  #start = { time: 0, steps: 0 };
  #rate = 0;
  #isRunning = false;

  /** The steps in a second, when a training has come so far. */
  at(isRunning: boolean, steps: number): number {
    const time = performance.now();
    const { time: begin, steps: before } = this.#start;
    if (isRunning !== this.#isRunning || steps < before) {
      this.#start = { time, steps };
      this.#rate = 0;
    } else if (time - begin >= span) {
      this.#rate = (1000 * (steps - before)) / (time - begin);
      this.#start = { time, steps };
    }
    this.#isRunning = isRunning;
    return isRunning ? this.#rate : 0;
  }
}
