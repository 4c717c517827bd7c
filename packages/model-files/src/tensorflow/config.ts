import { describeValue, quote } from "@nn/tensor/extend";

/** Why a layer cannot be read. The reader collects these and names all such layers. */
export class LayerProblem extends Error {
  override readonly name = "LayerProblem";
}

export type Json = Readonly<Record<string, unknown>>;

/** The settings of a layer, read by their kinds. Settings of TensorFlow.js that change no result, such as initializers, are not read. */
export class Config {
  readonly #json: Json;

  constructor(json: Json) {
    this.#json = json;
  }

  number(name: string, byDefault?: number): number {
    return this.#read(name, byDefault, "a number", (value) => typeof value === "number" && Number.isFinite(value)) as number;
  }

  /** A probability of dropping features. TensorFlow.js drops nothing at rates of 1. */
  rate(name: string, byDefault?: number): number {
    const rate = this.number(name, byDefault);
    return rate < 1 ? rate : 0;
  }

  boolean(name: string, byDefault: boolean): boolean {
    return this.#read(name, byDefault, "true or false", (value) => typeof value === "boolean") as boolean;
  }

  string(name: string, byDefault: string): string {
    return this.#read(name, byDefault, "a text", (value) => typeof value === "string") as string;
  }

  /** A list of whole numbers; a number stands for `count` equal ones. */
  sizes(name: string, count: number, byDefault?: number): number[] {
    const value = this.#json[name] ?? byDefault;
    const list: unknown = typeof value === "number" ? new Array<number>(count).fill(value) : value;
    if (Array.isArray(list) && list.length === count && list.every((each) => Number.isSafeInteger(each))) return list as number[];
    throw new LayerProblem(`${name} is ${describeValue(value)}, expected ${count} whole numbers`);
  }

  /** The settings, with others in their place. */
  with(changes: Json): Config {
    return new Config({ ...this.#json, ...changes });
  }

  /** A setting that is looked at by the caller. */
  raw(name: string): unknown {
    return this.#json[name];
  }

  /** @throws LayerProblem unless a setting has the value, or none. */
  requireDefault(name: string, ...allowed: readonly unknown[]): void {
    const value = this.#json[name];
    if (value === undefined || value === null || allowed.some((each) => JSON.stringify(each) === JSON.stringify(value))) return;
    throw new LayerProblem(`${name} ${typeof value === "string" ? quote(value) : describeValue(value)} is not supported`);
  }

  #read(name: string, byDefault: unknown, expected: string, accepts: (value: unknown) => boolean): unknown {
    const value = this.#json[name] ?? byDefault;
    if (accepts(value)) return value;
    throw new LayerProblem(`${name} is ${describeValue(value)}, expected ${expected}`);
  }
}
