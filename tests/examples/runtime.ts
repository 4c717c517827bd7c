import { format } from "node:util";
import { ExampleError } from "./extract.js";

/** The tolerance of numbers: absolute up to 1, relative above. */
const tolerance = 1e-6;

/** Checks the comments of one example. */
export interface Assertions {
  equal(actual: unknown, expected: unknown, line: number): void;
  prints(expected: string, line: number): void;
  throws(action: () => Promise<void>, message: string, line: number): Promise<void>;
}

let printed: string[] = [];

/** Starts an example of a file. Its output is kept until the next example starts. */
export function start(file: string): Assertions {
  printed = [];
  return {
    equal(actual, expected, line) {
      const difference = compare(actual, expected, "the value");
      if (difference !== undefined) throw new ExampleError(file, line, difference);
    },
    prints(expected, line) {
      const actual = printed.splice(0).join("\n");
      if (normalize(actual) !== normalize(expected)) {
        throw new ExampleError(file, line, `expected to print\n${expected}\nbut printed\n${actual}`);
      }
    },
    async throws(action, message, line) {
      const error: unknown = await action().then(() => undefined, (reason: unknown) => reason);
      if (error === undefined) throw new ExampleError(file, line, `expected an error: ${message}`);
      if (!String(error).includes(message)) throw new ExampleError(file, line, `expected the error ${message}, got ${String(error)}`);
    },
  };
}

/** Runs an action with the console recorded instead of shown. */
export async function recorded(action: () => Promise<unknown>): Promise<void> {
  const { log, info, warn } = console;
  console.log = console.info = console.warn = (...values: unknown[]) => void printed.push(format(...values));
  try {
    await action();
  } finally {
    Object.assign(console, { log, info, warn });
  }
}

const normalize = (text: string): string => text.split("\n").map((line) => line.trimEnd()).join("\n").trim();

/** The first difference between two values in words, or `undefined` if there is none. */
export function compare(actual: unknown, expected: unknown, path: string): string | undefined {
  const value = plain(actual);
  const differs = (): string => `${path} is ${show(value)}, expected ${show(expected)}`;
  if (typeof value === "number" && typeof expected === "number") {
    return isClose(value, expected) ? undefined : differs();
  }
  if (Array.isArray(value) && Array.isArray(expected)) {
    if (value.length !== expected.length) return `${differs()} (lengths ${value.length} and ${expected.length})`;
    return first(expected.map((item, index) => compare(value[index], item, `${path}[${index}]`)));
  }
  if (isRecord(value) && isRecord(expected)) {
    const keys = Object.keys(expected);
    if (keys.toSorted().join("\n") !== Object.keys(value).toSorted().join("\n")) return differs();
    return first(keys.map((key) => compare(value[key], expected[key], `${path}.${key}`)));
  }
  return Object.is(value, expected) ? undefined : differs();
}

function isClose(value: number, expected: number): boolean {
  if (!Number.isFinite(expected)) return Object.is(value, expected);
  return Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

const first = (differences: readonly (string | undefined)[]): string | undefined => differences.find((difference) => difference !== undefined);

/** Converts tensors and typed arrays to nested arrays. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) return Array.from(value as Iterable<unknown> & ArrayBufferView);
  if (isRecord(value) && typeof value["toArray"] === "function") return plain(value["toArray"]());
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const show = (value: unknown): string => (typeof value === "bigint" || typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value)));
