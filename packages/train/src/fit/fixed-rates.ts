import { isTensor, UsageError } from "@nn/tensor";
import { quote } from "@nn/tensor/extend";
import type { Stateful } from "../stateful.js";

/** The learning rates in the states of optimizers that are numbers, by where they are; a schedule has none. */
type FixedRates = Readonly<Record<string, number>>;

/** No state of an optimizer is nested more deeply. */
const maxDepth = 6;

function ratesIn(value: unknown, path: string, depth: number): readonly (readonly [string, number])[] {
  if (typeof value !== "object" || value === null || isTensor(value) || ArrayBuffer.isView(value) || depth > maxDepth) return [];
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => (key === "learningRate" && typeof each === "number" ? [[path, each] as const] : ratesIn(each, path === "" ? key : `${path}.${key}`, depth + 1)));
}

/**
 * The learning rates with which the optimizers of a run were made. A resumed optimizer takes the rate of the checkpoint, so a program that was changed to another rate would
 * train with the old one. This part of a checkpoint is loaded after the optimizers, and refuses such a program.
 */
export class InitialRates implements Stateful {
  readonly #optimizers: Readonly<Record<string, Stateful>>;
  #rates: FixedRates;

  constructor(optimizers: Readonly<Record<string, Stateful>>) {
    this.#optimizers = optimizers;
    this.#rates = this.#present();
  }

  stateDict(): FixedRates {
    return this.#rates;
  }

  /** @throws UsageError for an optimizer that was made with another rate than that of the checkpoint. */
  loadStateDict(state: unknown): void {
    const saved = Object(state) as Partial<Record<string, unknown>>;
    const present = this.#present();
    for (const [path, own] of Object.entries(this.#rates)) {
      const before = saved[path];
      // Objects of a run that has ended may have its latest rate.
      if (typeof before !== "number" || before === own || present[path] === own) continue;
      throw new UsageError(
        `fit: the run began with the learning rate ${before} of ${quote(path)}, and the optimizer was made with ${own}; make it with ${before}; ` +
        "to go on with another rate, set `controls.learningRate` of the training before it starts",
      );
    }
    this.#rates = Object.fromEntries(Object.entries(saved).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
  }

  #present(): FixedRates {
    return Object.fromEntries(ratesIn(Object.fromEntries(Object.entries(this.#optimizers).map(([name, optimizer]) => [name, optimizer.stateDict()])), "", 0));
  }
}
