import { describe, expect, it } from "vitest";
import { configurations, problemsOfAll } from "../../plain/check.js";
import { lossEntries } from "../../plain/losses.js";

describe("losses compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(lossEntries))("%s", (name, entry) => {
    expect(problemsOfAll(name, entry)).toEqual([]);
  });
});
