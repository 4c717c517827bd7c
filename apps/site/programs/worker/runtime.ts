import { format, inspect } from "node-inspect-extracted";
import { compare, isPrintedAs } from "../../../../tests/examples/compare.js";
import type { Assertions } from "../../../../tests/examples/runtime.js";
import type { RunReport } from "./protocol.js";

// What the programs of the pages import. Values look as they do in Node.

const report = (message: RunReport): void => self.postMessage(message, {});
const shown = (value: unknown): string => inspect(value, { breakLength: 80, maxArrayLength: 20, depth: 4 });

/** What has been printed since the last comment about it. */
let printed: string[] = [];

for (const method of ["log", "info", "warn", "error"] as const) {
  console[method] = (...values: unknown[]) => {
    const text = format(...values);
    printed.push(text);
    report({ type: "printed", text });
  };
}

/** Tells the page how what a program does compares with its comments. What an earlier program printed is not this one's. */
export function start(): Assertions {
  printed = [];
  return {
    equal(actual, expected, line) {
      const isEqual = compare(actual, expected, "the value") === undefined;
      report({ type: "value", line, text: shown(actual), ...(isEqual ? {} : { expected: shown(expected) }) });
    },
    prints(expected, line) {
      const isEqual = isPrintedAs(printed.join("\n"), expected);
      printed = [];
      report({ type: "compared", line, ...(isEqual ? {} : { expected }) });
    },
    async throws(action, message, line) {
      const outcome = await action().then(() => ({ text: "no error", isExpected: false }), (error: unknown) => ({ text: String(error), isExpected: String(error).includes(message) }));
      report({ type: "threw", line, text: outcome.text, ...(outcome.isExpected ? {} : { expected: message }) });
    },
  };
}
