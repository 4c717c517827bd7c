import { format } from "node:util";
import { compare, isPrintedAs } from "./compare.js";
import { ExampleError } from "./extract.js";

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
      if (!isPrintedAs(actual, expected)) {
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
