import { expect, test } from "vitest";
import { weekdayColumns, weekdayName } from "../../src/data/dates.js";

test("weekdays have names; a mean of some has none", () => {
  expect([1, 4, 7, 3.5].map(weekdayName)).toEqual(["Mon", "Thu", "Sun", "3.5"]);
});

test("columns of weekdays are those that a date was split into", () => {
  const plans = [{ name: "weekday" }, { name: "sold", parts: ["year", "weekday"] }, { name: "built", parts: ["year"] }] as const;
  expect([...weekdayColumns(plans)]).toEqual(["sold weekday"]);
});
