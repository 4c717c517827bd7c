import { expect, test } from "vitest";
import { userLine } from "../../src/nan-check/user-line.js";

/** An error whose stack has these lines. */
function withStack(...lines: readonly string[]): Error {
  return Object.assign(new Error("stack"), { stack: lines.join("\n") });
}

test.each<[engine: string, stack: readonly string[], line: string]>([
  ["Node", ["Error: stack", "    at bind (file:///a/packages/autograd/src/tape.ts:8:3)", "    at node:internal/modules:1:2", "    at step (file:///a/b.ts:3:7)"], "/a/b.ts:3:7"],
  ["Chromium with a development server", ["Error: stack", "    at log (http://localhost:5173/packages/tensor/src/ops/elementary.ts?t=17:9:1)", "    at step (http://localhost:5173/src/main.ts?import&t=1722:31:12)"], "http://localhost:5173/src/main.ts:31:12"],
  ["Firefox with a development server", ["log@http://localhost:5173/node_modules/@nn/tensor/dist/index.js?v=1f:9:1", "step@http://localhost:5173/src/main.ts?t=1722:31:12"], "http://localhost:5173/src/main.ts:31:12"],
])("returns the first line outside the library in %s", (_, stack, line) => {
  expect(userLine(withStack(...stack))).toBe(line);
});

test("returns undefined in a bundle, which has no lines of the library", () => {
  expect(userLine(withStack("Error: stack", "    at a (https://host/bundle.js:1:77)"))).toBeUndefined();
  expect(userLine(withStack())).toBeUndefined();
});
