import { describe, expect, it } from "vitest";
import { configurations, problemsOfAll } from "../../plain/check.js";
import { allLayerEntries } from "../../plain/tables.js";

describe("layers compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(allLayerEntries))("%s", (name, entry) => {
    expect(problemsOfAll(name, entry)).toEqual([]);
  });
});
