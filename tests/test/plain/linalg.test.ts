import { describe, expect, it } from "vitest";
import { configurations, problemsOfAll } from "../../plain/check.js";
import { linalgEntries } from "../../plain/linalg.js";

describe("functions of matrices compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(linalgEntries))("%s", (name, entry) => {
    expect(problemsOfAll(name, entry)).toEqual([]);
  });
});
