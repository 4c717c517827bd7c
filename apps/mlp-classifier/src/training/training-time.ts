import { isTensor, tensor, type Tensor } from "@nn/tensor";
import type { Stateful } from "@nn/train";
import { z } from "zod";

/** The times of all epochs are a tensor, which is smaller than their text. */
const stateSchema = z.object({ epochs: z.custom<Tensor>((value) => isTensor(value) && value.dtype === "float64" && value.rank === 1), current: z.number().nonnegative() });

/** The wall time of a training in seconds, over all its processes: steps, validation and saving. It is a part of the checkpoints. */
export class TrainingTime implements Stateful {
  readonly #now: () => number;
  #epochs: number[] = [];
  /** The time of the current epoch in earlier processes. */
  #before = 0;
  #since: number;

  /** @param now - a clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Begins to count: what was before is no training. */
  start(): void {
    this.#since = this.#now();
  }

  /** Ends an epoch and returns its time. */
  endEpoch(): number {
    const seconds = this.#current;
    this.#epochs.push(seconds);
    this.#before = 0;
    this.#since = this.#now();
    return seconds;
  }

  /** The time of each complete epoch. */
  get epochs(): readonly number[] {
    return this.#epochs;
  }

  /** The time of all epochs, with that of the current one so far. */
  get seconds(): number {
    return this.#epochs.reduce((sum, each) => sum + each, this.#current);
  }

  get #current(): number {
    return this.#before + (this.#now() - this.#since) / 1000;
  }

  stateDict(): z.infer<typeof stateSchema> {
    return { epochs: tensor(Float64Array.from(this.#epochs)), current: this.#current };
  }

  loadStateDict(state: unknown): void {
    const { epochs, current } = stateSchema.parse(state);
    [this.#epochs, this.#before, this.#since] = [Array.from(epochs.toTypedArray(), Number), current, this.#now()];
  }
}
