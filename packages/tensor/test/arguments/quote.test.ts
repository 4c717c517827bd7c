import { describe, expect, it } from "vitest";
import { describeValue, escapeControls, quote } from "../../src/extend.js";

describe("quote", () => {
  it("escapes what could act on a terminal or hide", () => {
    expect(quote('a "b" \\')).toBe('"a \\"b\\" \\\\"');
    expect(quote("\u001b[31m\u0007\u009b2J\n\t\u007f")).toBe('"\\u001b[31m\\u0007\\u009b2J\\n\\t\\u007f"');
    expect(quote("abc\u202edef\u2066\u200b\u2028\ufeff")).toBe('"abc\\u202edef\\u2066\\u200b\\u2028\\ufeff"');
    expect(quote("\u{e0041}")).toBe('"\\udb40\\udc41"');
    expect(JSON.parse(quote("\u001b\u202e\u009b\u{e0041} ü 𝄞"))).toBe("\u001b\u202e\u009b\u{e0041} ü 𝄞");
  });

  it("cuts long texts, but never inside a character", () => {
    expect(quote("abcdef", 3)).toBe('"abc…"');
    expect(quote("ab𝄞def", 3)).toBe('"ab…"');
    expect(quote("ab𝄞def", 4)).toBe('"ab𝄞…"');
  });
});

it("escapeControls leaves all other characters as they are", () => {
  expect(escapeControls('Ünï "q" \\ 𝄞')).toBe('Ünï "q" \\ 𝄞');
  expect(escapeControls("a\u0007\r\n")).toBe("a\\u0007\\r\\n");
});

it("describeValue escapes strings", () => {
  expect(describeValue("\u202eevil")).toBe('the string "\\u202eevil"');
});
