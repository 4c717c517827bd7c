import { quote } from "@nn/tensor/extend";

/** A JSON value as it is written. `JSON.parse` would drop one of two equal keys, round large numbers, and lose positions. */
export type JsonNode =
  | { readonly kind: "object"; readonly at: number; readonly entries: ReadonlyMap<string, JsonNode> }
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly at: number; readonly value: string }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "word"; readonly at: number; readonly text: "true" | "false" | "null" };

/** A text is not JSON, or has a key twice. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  /** The position of the character where the error is. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Values that are nested deeper are refused, so that they do not exhaust the stack. A header has three levels. */
const deepest = 32;

/**
 * Parses a JSON text (RFC 8259); after the value only spaces may follow.
 * @throws JsonError if it is not JSON, a key occurs twice in one object, or an array has more than `longestList` items.
 */
export function parseJson(text: string, longestList = Infinity): JsonNode {
  const parser = new JsonParser(text, longestList);
  const value = parser.value(0);
  parser.end();
  return value;
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordPattern = /true|false|null/y;
const spacePattern = /[ \t\n\r]*/y;

class JsonParser {
  readonly #text: string;
  readonly #longestList: number;
  #at = 0;

  constructor(text: string, longestList: number) {
    this.#text = text;
    this.#longestList = longestList;
  }

  value(depth: number): JsonNode {
    this.#match(spacePattern);
    const at = this.#at;
    if (depth > deepest) throw new JsonError("values are nested too deeply", at);
    const next = this.#text[at];
    if (next === "{") return { kind: "object", at, entries: this.#object(depth) };
    if (next === "[") return { kind: "array", at, items: this.#array(depth) };
    if (next === '"') return { kind: "string", at, value: this.#string() };
    const word = this.#match(wordPattern);
    if (word === "true" || word === "false" || word === "null") return { kind: "word", at, text: word };
    const number = this.#match(numberPattern);
    if (number !== undefined) return { kind: "number", at, text: number };
    throw this.#unexpected("a JSON value");
  }

  end(): void {
    while (this.#text[this.#at] === " ") this.#at++;
    if (this.#at < this.#text.length) throw this.#unexpected("nothing but spaces after the JSON object");
  }

  #object(depth: number): Map<string, JsonNode> {
    const entries = new Map<string, JsonNode>();
    this.#list("{", "}", () => {
      this.#match(spacePattern);
      const at = this.#at;
      if (this.#text[at] !== '"') throw this.#unexpected("a key in quotes");
      const key = this.#string();
      if (entries.has(key)) throw new JsonError(`the key ${quote(key)} occurs twice`, at);
      this.#expect(":");
      entries.set(key, this.value(depth + 1));
    });
    return entries;
  }

  #array(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    const start = this.#at;
    this.#list("[", "]", () => {
      if (items.length === this.#longestList) throw new JsonError(`a list has more than ${this.#longestList} items (maxRank, the most axes of a tensor)`, start);
      items.push(this.value(depth + 1));
    });
    return items;
  }

  #list(open: string, close: string, element: () => void): void {
    this.#expect(open);
    this.#match(spacePattern);
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      element();
      this.#match(spacePattern);
      const next = this.#text[this.#at];
      if (next !== "," && next !== close) throw this.#unexpected(`"," or "${close}"`);
      this.#at++;
      if (next === close) return;
    }
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    if (end >= this.#text.length) throw new JsonError("a string is not closed", start);
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, this.#at));
    } catch {
      throw new JsonError("a string has a character or an escape that JSON does not allow", start);
    }
  }

  #expect(character: string): void {
    this.#match(spacePattern);
    if (this.#text[this.#at] !== character) throw this.#unexpected(JSON.stringify(character));
    this.#at++;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(expected: string): JsonError {
    const found = this.#text[this.#at];
    return new JsonError(`found ${found === undefined ? "the end" : quote(found)}, expected ${expected}`, this.#at);
  }
}
