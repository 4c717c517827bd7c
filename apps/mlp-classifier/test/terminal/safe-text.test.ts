import { expect, test } from "vitest";
import { html } from "../../src/report/markup.js";
import { escapeControls } from "@nn/tensor/extend";
import { safeLine } from "../../src/terminal/safe-text.js";

test("control characters are shown as escapes", () => {
  expect(escapeControls("a\u001B[31mb\u0007c\u202Ed\u2066e\u009Bf\ng")).toBe("a\\u001b[31mb\\u0007c\\u202ed\\u2066e\\u009bf\\ng");
  expect(escapeControls("naïve 東京 🌍 ½")).toBe("naïve 東京 🌍 ½");
});

test("a line keeps only its own colours", () => {
  expect(safeLine("\u001B[1mbold\u001B[22m \u001B]0;title\u0007\nnext")).toBe("\u001B[1mbold\u001B[22m \\u001b]0;title\\u0007\nnext");
});

test("JSON keeps its meaning", () => {
  const value = { name: "a\u202Eb\u007F" };
  const text = escapeControls(JSON.stringify(value));
  expect(text).toBe('{"name":"a\\u202eb\\u007f"}');
  expect(JSON.parse(text)).toEqual(value);
});

test("HTML shows the same escapes", () => {
  expect(html`<td>${"<b>\u202Ex"}</td>`.text).toBe("<td>&lt;b&gt;\\u202ex</td>");
});
