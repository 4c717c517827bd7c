import { expect, test } from "vitest";
import { duration, factor, percent, quantity, rate, significant } from "../../src/report/format.js";
import { table } from "../../src/report/table.js";

test("numbers have three significant digits", () => {
  expect([0, 0.012345, 1.2345, 12.345, 123.45, 12345, -1.5].map((value) => significant(value))).toEqual(["0", "0.0123", "1.23", "12.3", "123", "12345", "-1.50"]);
});

test("times, ratios, fractions and speeds", () => {
  expect([0.000_456, 0.0123, 1.234, 45.67, 2050].map(duration)).toEqual(["0.456\u00A0µs", "12.3\u00A0µs", "1.23\u00A0ms", "45.7\u00A0ms", "2.05\u00A0s"]);
  expect([0.0834, 0.5, 12.3, 0.996, 9.96].map(factor)).toEqual(["0.083x", "0.50x", "12x", "1.0x", "10x"]);
  expect(percent(0.816)).toBe("82\u00A0%");
  expect(rate({ kind: "arithmetic", flops: 2e9 }, 50)).toBe("40.0\u00A0GFLOP/s");
  expect(rate({ kind: "traffic", bytes: 8e6 }, 0.5)).toBe("16.0\u00A0GB/s");
  expect([quantity(90.4, "MB"), quantity(-0.001, "growth"), quantity(3.456, "growth")]).toEqual(["90\u00A0MB", "0", "3.46"]);
});

test("a table of text is aligned to the left", () => {
  expect(table(["a", "b"], [["x", "long text"]], "text").split("\n")[1]).toBe("| --- | --------- |");
});

test("a table is padded Markdown", () => {
  expect(table(["", "a|b"], [["µs", "1"], ["longer", "22"], ["short"]])).toMatchInlineSnapshot(`
    "|        | a\\|b |
    | ------ | ---: |
    | µs     |    1 |
    | longer |   22 |
    | short  |      |"
  `);
});
