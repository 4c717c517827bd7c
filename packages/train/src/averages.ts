import { isTensor, read, ShapeError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireKind } from "@nn/tensor/extend";

/** Scalars of one step, by name. */
export type Scalars = Readonly<Record<string, Tensor>>;

/** A value that is NaN or infinite. */
export interface NonFinite {
  readonly name: string;
  readonly value: number;
  /** The step that gave the value, counted from 1 since the last reset. */
  readonly step: number;
}

interface Unread {
  readonly values: Scalars;
  readonly weight: number | Tensor;
}

/** The sums over the steps that were read, as plain JSON. */
export interface AveragesState {
  readonly steps: number;
  readonly weight: number;
  readonly sums: Readonly<Record<string, number>>;
}

/**
 * Means over the examples of many steps, `Σ nᵢ vᵢ / Σ nᵢ`. The values stay on the device until {@link Averages.flush} reads them all at once, so that
 * no step waits for a reading. The sums are float64, and do not depend on when they are read.
 */
export class Averages {
  #unread: Unread[] = [];
  #sums = new Map<string, number>();
  #weight = 0;
  #steps = 0;

  /** Adds the values of a step, which are means over `weight` examples. */
  add(values: Scalars, weight: number | Tensor): void {
    this.#unread.push({ values, weight });
  }

  /** Reads the values that were added. Returns the first one that is not finite. */
  async flush(): Promise<NonFinite | undefined> {
    const unread = this.#unread;
    this.#unread = [];
    let first: NonFinite | undefined;
    for (const { values, weight } of unread) {
      const examples = typeof weight === "number" ? weight : await numberOf(weight);
      this.#steps += 1;
      this.#weight += examples;
      for (const [name, tensor] of Object.entries(values)) {
        const value = await numberOf(tensor);
        // A batch without examples has no mean.
        if (examples !== 0) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * examples);
        if (!Number.isFinite(value) && examples !== 0) first ??= { name, value, step: this.#steps };
      }
    }
    return first;
  }

  /** The means of the values that were read; NaN for no examples. */
  get means(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#weight]));
  }

  /** Removes all values. */
  reset(): void {
    this.#unread = [];
    this.#sums = new Map();
    this.#weight = 0;
    this.#steps = 0;
  }

  /** The sums of the values that were read. */
  stateDict(): AveragesState {
    return { steps: this.#steps, weight: this.#weight, sums: Object.fromEntries(this.#sums) };
  }

  loadStateDict(state: AveragesState): void {
    const { steps, weight, sums } = Object(state) as AveragesState;
    requireKind("Averages.loadStateDict", "steps", steps, "size");
    requireKind("Averages.loadStateDict", "weight", weight, "nonNegative");
    for (const [name, sum] of Object.entries(sums)) if (typeof sum !== "number") throw new UsageError(`Averages.loadStateDict: the sum of ${name} is ${describeValue(sum)}, expected a number`);
    this.reset();
    this.#steps = steps;
    this.#weight = weight;
    this.#sums = new Map(Object.entries(sums));
  }
}

async function numberOf(scalar: Tensor): Promise<number> {
  return Number((await read(scalar))[0]);
}

/** @throws UsageError, ShapeError unless a value is a tensor with one element. */
export function requireScalar(operation: string, what: string, value: unknown): asserts value is Tensor {
  if (!isTensor(value)) throw new UsageError(`${operation}: ${what} is ${describeValue(value)}, expected a scalar tensor`);
  if (value.size !== 1) throw new ShapeError(`${operation}: ${what} has the shape ${formatShape(value.shape)}, expected a scalar; take its mean`);
}
