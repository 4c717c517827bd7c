import type { RecordedArguments } from "./format.js";

/**
 * Recorded arguments, read by name. An argument that is not read, or has an unsupported value, is an error: a case with a dropped or
 * misread argument could pass or fail for the wrong reason.
 */
export class Arguments {
  readonly #given: RecordedArguments;
  readonly #unread: Set<string>;
  readonly #parts: { readonly name: string; readonly args: Arguments }[] = [];

  constructor(given: RecordedArguments) {
    this.#given = given;
    this.#unread = new Set(Object.keys(given));
  }

  /** The arguments that were not read, including those of nested arguments. */
  get unread(): readonly string[] {
    return [...this.#unread, ...this.#parts.flatMap(({ name, args }) => args.unread.map((each) => `${name}.${each}`))];
  }

  /** @throws TypeError if the mapping of a target left arguments out. */
  requireAllRead(target: string): void {
    const { unread } = this;
    if (unread.length > 0) throw new TypeError(`the mapping of ${target} leaves out the arguments ${unread.join(", ")}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#given, name);
  }

  /** Whether the argument is given and not null. */
  isGiven(name: string): boolean {
    return this.has(name) && this.#given[name] !== null;
  }

  isNumber(name: string): boolean {
    return isNumber(this.#given[name]);
  }

  isText(name: string): boolean {
    return typeof this.#given[name] === "string" && !this.isNumber(name);
  }

  isNumbers(name: string): boolean {
    return isNumbers(this.#given[name]);
  }

  number(name: string, otherwise?: number): number {
    const value = this.#take(name, otherwise);
    return isNumber(value) ? Number(value) : wrong(name, value, "a number");
  }

  /** `undefined` if it is omitted or null. */
  maybeNumber(name: string): number | undefined {
    return this.#orNothing(name, () => this.number(name));
  }

  numberOrNull(name: string, otherwise: number): number | null {
    return this.#take(name, otherwise) === null ? null : this.number(name, otherwise);
  }

  boolean(name: string, otherwise?: boolean): boolean {
    const value = this.#take(name, otherwise);
    return typeof value === "boolean" ? value : wrong(name, value, "a boolean");
  }

  text(name: string, otherwise?: string): string {
    const value = this.#take(name, otherwise);
    return typeof value === "string" ? value : wrong(name, value, "a string");
  }

  numbers(name: string, otherwise?: readonly number[]): readonly number[] {
    const value = this.#take(name, otherwise);
    return isNumbers(value) ? value.map(Number) : wrong(name, value, "numbers");
  }

  pair(name: string, otherwise?: readonly [number, number]): readonly [number, number] {
    const [first, second, ...others] = this.numbers(name, otherwise);
    return first === undefined || second === undefined || others.length > 0 ? wrong(name, this.#given[name], "two numbers") : [first, second];
  }

  /** One number or several; `undefined` if it is omitted or null. */
  maybeNumbers(name: string): number | readonly number[] | undefined {
    return this.isNumbers(name) ? this.numbers(name) : this.maybeNumber(name);
  }

  /** One number or several, which must be there. */
  oneOrMore(name: string): number | readonly number[] {
    return this.maybeNumbers(name) ?? wrong(name, this.#given[name], "a number or numbers");
  }

  /** Maps each PyTorch value to one of ours; other values are an error. */
  choice<T>(name: string, choices: Readonly<Record<string, T>>, otherwise?: string): T {
    const value = this.text(name, otherwise);
    return Object.hasOwn(choices, value) ? (choices[value] as T) : wrong(name, value, Object.keys(choices).join(", "));
  }

  /** A list of things that are not all numbers. */
  list(name: string): readonly unknown[] {
    const value = this.#take(name, undefined);
    return Array.isArray(value) ? value : wrong(name, value, "a list");
  }

  /** Two lists of numbers. */
  pairOfLists(name: string): readonly [readonly number[], readonly number[]] {
    const [first, second, ...others] = this.list(name);
    return isNumbers(first) && isNumbers(second) && others.length === 0 ? [first.map(Number), second.map(Number)] : wrong(name, this.#given[name], "two lists of numbers");
  }

  /** Nested arguments. Those that are not read count as not read here. */
  part(name: string): Arguments {
    return this.#part(name, this.#take(name, undefined));
  }

  /** Nested arguments that name their PyTorch class. */
  parts(name: string): readonly { readonly type: string; readonly args: Arguments }[] {
    return this.list(name).map((each, at) => {
      const { type, args, ...others } = isRecord(each) ? each : wrong(name, each, "a list of records");
      if (typeof type !== "string" || Object.keys(others).length > 0) return wrong(name, each, "parts of `type` and `args`");
      return { type, args: this.#part(`${name}.${at}`, args) };
    });
  }

  /** Whether the argument is this text. */
  holds(name: string, text: string): boolean {
    const same = this.#given[name] === text;
    if (same) this.#unread.delete(name);
    return same;
  }

  /**
   * Accepts an argument that does not affect the numbers (such as `inplace` and `stable`), or for which we support only some values. Values
   * other than these are an error.
   */
  only(name: string, ...values: readonly (boolean | string | number | null)[]): void {
    if (!this.has(name)) return;
    const value = this.#take(name, undefined);
    if (!values.some((each) => each === value)) wrong(name, value, values.map((each) => JSON.stringify(each)).join(" or "));
  }

  #part(name: string, given: unknown): Arguments {
    const args = new Arguments(isRecord(given) ? given : wrong(name, given, "a record"));
    this.#parts.push({ name, args });
    return args;
  }

  #orNothing<T>(name: string, read: () => T): T | undefined {
    if (this.isGiven(name)) return read();
    this.#unread.delete(name);
    return undefined;
  }

  #take(name: string, otherwise: unknown): unknown {
    this.#unread.delete(name);
    return this.has(name) ? this.#given[name] : otherwise;
  }
}

function wrong(name: string, value: unknown, expected: string): never {
  throw new TypeError(`argument ${name} is ${JSON.stringify(value)}, expected ${expected}`);
}

type RecordedNumber = number | "NaN" | "Infinity" | "-Infinity";

const isNumber = (value: unknown): value is RecordedNumber => typeof value === "number" || value === "NaN" || value === "Infinity" || value === "-Infinity";

const isNumbers = (value: unknown): value is readonly RecordedNumber[] => Array.isArray(value) && value.every(isNumber);

const isRecord = (value: unknown): value is RecordedArguments => typeof value === "object" && value !== null && !Array.isArray(value);

/** The values of a case by name or index, with a record of those that were read. */
export interface Watched<T extends object> {
  readonly value: T;
  /** The names or indices of the values that were not read. */
  readonly unread: () => readonly string[];
}

/** Tracks reads of a record or a list. Tensors that a mapping does not pass on are an error, like arguments. */
export function watch<T extends object>(given: T): Watched<T> {
  const unread = new Set(Object.keys(given));
  const value = new Proxy(given, {
    get: (target, name, receiver) => {
      if (typeof name === "string") unread.delete(name);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { value, unread: () => [...unread] };
}
