import { describe, expect, it } from "vitest";
import { configurations, problemsOfAll } from "../../plain/check.js";
import { tensorEntries } from "../../plain/tables.js";

describe("operations compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(tensorEntries))("%s", (name, entry) => {
    expect(problemsOfAll(name, entry)).toEqual([]);
  });
});
