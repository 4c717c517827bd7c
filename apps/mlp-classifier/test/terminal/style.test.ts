import * as fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, shorten, styleFor, widthOf } from "../../src/terminal/style.js";

test("uses colours only on a screen, and on request", () => {
  const screen = { isTTY: true, columns: 80 };
  expect(styleFor(screen, {}).bold("x")).toBe("\u001B[1mx\u001B[22m");
  expect(styleFor(screen, { NO_COLOR: "" }).bold("x")).not.toBe("x");
  for (const environment of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) expect(styleFor(screen, environment).bad("x")).toBe("x");
  expect(styleFor({ isTTY: false }, {}).good("x")).toBe("x");
});

test("aligns columns of texts", () => {
  expect([columnsOf("abc"), columnsOf("\u001B[31mabc\u001B[39m"), columnsOf("日本"), columnsOf("e\u0301"), columnsOf("🙂")]).toEqual([3, 3, 4, 1, 2]);
  expect([widthOf({ isTTY: true, columns: 80 }), widthOf({})]).toEqual([80, 160]);
});

test("cuts a text to fit, with an ellipsis", () => {
  expect([shorten("versicolor", 10), shorten("versicolor", 6), shorten("日本語", 5)]).toEqual(["versicolor", "versi…", "日本…"]);
  fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (text, columns) => columnsOf(shorten(text, columns)) <= columns));
});
