import { escapeControls } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { parseJson } from "../readers/json-text.js";

/**
 * Reads and validates the JSON form of a fitted preprocessing step. `value` may be the text or the parsed value.
 */
export class StateReader {
  readonly #type: string;
  readonly #record: Readonly<Record<string, unknown>>;

  constructor(type: string, value: unknown, tagged = true) {
    const parsed: unknown = typeof value === "string" ? parseJson(value, { source: `${type}.fromJSON` }) : value;
    this.#type = type;
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new FormatError(`${type}.fromJSON`, "expected an object");
    this.#record = { ...parsed };
    if (tagged) this.oneOf("type", [type]);
  }

  numbers(key: string): readonly number[] {
    const value = this.#record[key];
    if (Array.isArray(value) && value.every((each) => typeof each === "number" && Number.isFinite(each))) return value;
    throw this.#wrong(key, "a list of finite numbers");
  }

  labels(key: string): readonly (string | number)[] {
    const value = this.#record[key];
    if (Array.isArray(value) && value.every((each) => typeof each === "string" || Number.isFinite(each)) && new Set(value).size === value.length) return value;
    throw this.#wrong(key, "a list of different strings or numbers");
  }

  oneOf<const Choice extends string>(key: string, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.#record[key]);
    if (found === undefined) throw this.#wrong(key, choices.map((choice) => JSON.stringify(choice)).join(" or "));
    return found;
  }

  strings(key: string): readonly string[] {
    const value = this.#record[key];
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    throw this.#wrong(key, "a list of strings");
  }

  list(key: string): readonly unknown[] {
    const value = this.#record[key];
    if (Array.isArray(value)) return value;
    throw this.#wrong(key, "a list");
  }

  string(key: string): string {
    const value = this.#record[key];
    if (typeof value === "string") return value;
    throw this.#wrong(key, "a string");
  }

  get(key: string): unknown {
    return this.#record[key];
  }

  #wrong(key: string, expected: string): FormatError {
    return new FormatError(`${this.#type}.fromJSON`, `${JSON.stringify(key)} is ${shown(this.#record[key])}, expected ${expected}`);
  }
}

/** A value as JSON, truncated if it is long. */
function shown(value: unknown): string {
  const text = escapeControls(JSON.stringify(value) ?? "missing");
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
