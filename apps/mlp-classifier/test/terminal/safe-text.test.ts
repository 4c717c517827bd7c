import { expect, test } from "vitest";
import { csvField } from "../../src/commands/predict.js";
import { html } from "../../src/report/markup.js";
import { safeJson, safeLine, safeText } from "../../src/terminal/safe-text.js";

test("characters that act are shown, in place of acting", () => {
  expect(safeText("a\u001B[31mb\u0007c\u202Ed\u2066e\u009Bf\ng")).toBe("a\\u001b[31mb\\u0007c\\u202ed\\u2066e\\u009bf\\u000ag");
  expect(safeText("naïve 東京 🌍 ½")).toBe("naïve 東京 🌍 ½");
});

test("a line keeps its own colours and nothing else", () => {
  expect(safeLine("\u001B[1mbold\u001B[22m \u001B]0;title\u0007\nnext")).toBe("\u001B[1mbold\u001B[22m \\u001b]0;title\\u0007\nnext");
});

test("JSON says the same", () => {
  const value = { name: "a\u202Eb\u007F" };
  const text = safeJson(JSON.stringify(value));
  expect(text).toBe('{"name":"a\\u202eb\\u007f"}');
  expect(JSON.parse(text)).toEqual(value);
});

test("HTML too", () => {
  expect(html`<td>${"<b>\u202Ex"}</td>`.text).toBe("<td>&lt;b&gt;\\u202ex</td>");
});

test.each([
  ["plain", "plain"], ["a,b", '"a,b"'], ['say "hi"', '"say ""hi"""'], ["two\nlines", '"two\nlines"'], [" padded", '" padded"'],
  ["=1+1", "'=1+1"], ["@SUM(1)", "'@SUM(1)"], ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"], ["-x", "'-x"], ["\t=1", "'\t=1"],
  ["-3.5", "-3.5"], ["+1e-3", "+1e-3"], ["-12%", "-12%"], ["1,037", '"1,037"'],
])("as a field of CSV %j is %j", (text, field) => {
  expect(csvField(text, ",")).toBe(field);
});
