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

  number(name: string, otherwise?: number): number {
    const value = this.#take(name, otherwise);
    if (value === "Infinity") return Infinity;
    if (typeof value !== "number") throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected a number`);
    return value;
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
    if (!Array.isArray(value) || !value.every((each) => typeof each === "number")) {
      throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected numbers`);
    }
    return value;
  }

  #take(name: string, otherwise: unknown): unknown {
    this.#unread.delete(name);
    return this.has(name) ? this.#given[name] : otherwise;
  }
}
