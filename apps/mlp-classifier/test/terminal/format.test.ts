import { expect, test } from "vitest";
import { counted, duration, grouped, loss, percent, short } from "../../src/terminal/format.js";

test.each([
  [0.0004, "0 ms"], [0.012, "12 ms"], [0.8, "0.8 s"], [9.94, "9.9 s"], [9.96, "10 s"], [59.4, "59 s"], [59.6, "1 min 0 s"], [187, "3 min 7 s"],
  [3599.7, "1 h 0 min"], [3723, "1 h 2 min"], [3_600_000, "1,000 h 0 min"], [Number.NaN, "?"], [Infinity, "?"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([[0.001, "0.001"], [0.00025, "2.5e-4"], [1e30, "1e30"], [-1.5e7, "-1.5e7"], [12.3456, "12.35"], [0, "0"], [1e-10, "1e-10"], [123456, "123500"]])("%d is abbreviated to %s", (value, text) => {
  expect(short(value)).toBe(text);
});

test("formats fractions, counts and losses", () => {
  expect([percent(0.9433), percent(1, 0), grouped(101770), counted(1, "class", "classes"), counted(2, "class", "classes"), loss(0.12345), loss(12345), loss(0.00001234), loss(0)]).toEqual([
    "94.33%", "100%", "101,770", "1 class", "2 classes", "0.1235", "1.23e4", "1.23e-5", "0.0000",
  ]);
});
