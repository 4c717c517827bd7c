const most = 60;

/** A state that training can go back to. */
interface Entry<State> {
  readonly steps: number;
  readonly state: State;
}

/** States of a training that one can go back to. Early ones are close together; when there are too many, every second one is dropped. */
export class History<State> {
  #entries: readonly Entry<State>[] = [];
  #steps: readonly number[] = [];
  #spacing = 1;
  #at = -1;

  /** The step of each state. */
  get steps(): readonly number[] {
    return this.#steps;
  }

  /** The state that training is at, or has come from. */
  get at(): number {
    return this.#at;
  }

  /** Keeps the state if enough steps have passed since the last one, or always. States that training went back from are dropped. */
  offer(steps: number, state: () => State, always = false): void {
    const last = this.#entries[this.#at];
    if (last !== undefined && (always ? steps < last.steps : steps < last.steps + this.#spacing)) return;
    const before = this.#entries.slice(0, this.#at + 1).filter((entry) => entry.steps < steps);
    const entries = [...before, { steps, state: state() }];
    if (entries.length > most) this.#spacing *= 2;
    this.#entries = entries.length > most ? entries.filter((_, at) => at % 2 === 0 || at === entries.length - 1) : entries;
    this.#steps = this.#entries.map((entry) => entry.steps);
    this.#at = this.#entries.length - 1;
  }

  /** The state with a number, which becomes the one that training is at. */
  goTo(at: number): Entry<State> | undefined {
    const entry = this.#entries[at];
    if (entry !== undefined) this.#at = at;
    return entry;
  }
}
