import { describe, expect, it } from "vitest";
import { configurations, problemsOfAll, seedsOf } from "../../plain/check.js";
import { Random } from "../../plain/random.js";
import { clippingEntries, scheduleEntries } from "../../plain/schedules.js";

const timeout = 60_000 + configurations * 10_000;

describe("schedules compute what plain loops compute", { timeout }, () => {
  it.each(Object.entries(scheduleEntries))("%s", (name, entry) => {
    for (const seed of seedsOf(name)) {
      const { what, ours, plain } = entry(new Random(seed));
      const steps = Array.from({ length: 40 }, (_, step) => step);
      const wrong = steps.map((step) => ({ step, got: ours(step), want: plain(step) })).filter(({ got, want }) => !(Math.abs(got - want) <= 1e-12 * (1 + Math.abs(want))));
      expect(wrong, `${what}, seed ${seed}`).toEqual([]);
    }
  });
});

describe("clipping computes what plain loops compute", { timeout }, () => {
  it.each(Object.entries(clippingEntries))("%s", (name, entry) => {
    expect(problemsOfAll(name, entry)).toEqual([]);
  });
});
