import { expect, test } from "vitest";
import { numberHints, parseNumber, styleOf, type NumberStyle } from "../../src/data/numbers.js";

test.each([
  ["1234.5", "point", 1234.5], ["-1e-3", "point", -0.001], ["1,5", "point", NaN], ["inf", "point", NaN], ["", "point", NaN],
  ["0,12", "comma", 0.12], ["1.037,5", "comma", 1037.5], ["1.037.500", "comma", 1037500], ["1 037,5", "comma", 1037.5], ["-,5", "comma", -0.5], ["1.03,5", "comma", NaN],
  ["1,037", "thousands", 1037], ["1,037,500.25", "thousands", 1037500.25], ["1'037.5", "thousands", 1037.5], ["12", "thousands", 12], ["1,03", "thousands", NaN], ["1,037'500", "thousands", NaN],
] satisfies readonly (readonly [string, NumberStyle, number])[])("%j as %s is %d", (text, style, value) => {
  expect(parseNumber(text, style)).toBe(value);
});

const style = (texts: readonly string[], delimiter: string, others: readonly string[] = []): NumberStyle => styleOf(texts, delimiter, numberHints([texts, others])).style;

test("what can be read in two ways is read as the rest of the file is, else as the delimiter suggests", () => {
  expect(style(["1,037", "2,400"], ";")).toBe("comma");
  expect(style(["1,037", "2,400"], ",")).toBe("thousands");
  expect(style(["1,037", "2,400"], ";", ["0.5", "12.25"])).toBe("thousands");
  expect(style(["1,037", "2,400"], ",", ["0,5"])).toBe("comma");
  expect(style(["1.037", "2.400"], ";")).toBe("point");
  expect(style(["1.037", "2.400"], ";", ["0,5"])).toBe("comma");
  expect(style(["1", "2"], ",")).toBe("point");
});
