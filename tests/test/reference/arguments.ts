import type { RecordedArguments } from "./format.js";

/** Recorded arguments, read by name; which of them nobody asked for is known in the end. */
export class Arguments {
  readonly #given: RecordedArguments;
  readonly #unread: Set<string>;

  constructor(given: RecordedArguments) {
    this.#given = given;
    this.#unread = new Set(Object.keys(given));
  }

  /** Arguments that have an effect in PyTorch and none in our construction. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  has(name: string): boolean {
    return name in this.#given;
  }

  isNumber(name: string): boolean {
    return typeof this.#given[name] === "number";
  }

  isText(name: string): boolean {
    return typeof this.#given[name] === "string";
  }

  number(name: string, otherwise?: number): number {
    const value = this.#take(name, otherwise);
    if (value === "Infinity" || value === "-Infinity" || value === "NaN") return Number(value);
    if (typeof value !== "number") throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected a number`);
    return value;
  }

  /** Left out or null: undefined. */
  maybeNumber(name: string): number | undefined {
    return this.#given[name] === null || !this.has(name) ? this.#nothing(name) : this.number(name);
  }

  numberOrNull(name: string, otherwise: number): number | null {
    return this.#take(name, otherwise) === null ? null : this.number(name, otherwise);
  }

  boolean(name: string, otherwise?: boolean): boolean {
    const value = this.#take(name, otherwise);
    if (typeof value !== "boolean") throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected a boolean`);
    return value;
  }

  text(name: string, otherwise?: string): string {
    const value = this.#take(name, otherwise);
    if (typeof value !== "string") throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected a string`);
    return value;
  }

  numbers(name: string, otherwise?: readonly number[]): readonly number[] {
    const value = this.#take(name, otherwise);
    if (!isNumbers(value)) {
      throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected numbers`);
    }
    return value;
  }

  /** One number or several; left out or null: undefined. */
  maybeNumbers(name: string): number | readonly number[] | undefined {
    return isNumbers(this.#given[name]) ? this.numbers(name) : this.maybeNumber(name);
  }

  /** A list of things that are not all numbers. */
  list(name: string): readonly unknown[] {
    const value = this.#take(name, undefined);
    if (!Array.isArray(value)) throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected a list`);
    return value;
  }

  /** Two lists of numbers. */
  pairOfLists(name: string): readonly [readonly number[], readonly number[]] {
    const [first, second] = this.list(name);
    if (!isNumbers(first) || !isNumbers(second)) throw new TypeError(`argument ${name} is not two lists of numbers`);
    return [first, second];
  }

  /** Arguments of a part. */
  record(name: string): RecordedArguments {
    const value = this.#take(name, undefined);
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected a record`);
    return value as RecordedArguments;
  }

  /** Whether the argument is this text. */
  holds(name: string, text: string): boolean {
    const same = this.#given[name] === text;
    if (same) this.#unread.delete(name);
    return same;
  }

  /** An argument that makes no difference in our construction, or only to where PyTorch puts its results. */
  ignore(name: string): void {
    this.#unread.delete(name);
  }

  #nothing(name: string): undefined {
    this.#unread.delete(name);
    return undefined;
  }

  #take(name: string, otherwise: unknown): unknown {
    this.#unread.delete(name);
    return this.has(name) ? this.#given[name] : otherwise;
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number");
}
