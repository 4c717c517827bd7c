import { describe, expect, it } from "vitest";
import { configurations } from "../../plain/check.js";
import { metricProblems } from "../../plain/metric-trial.js";
import { metricEntries } from "../../plain/metrics.js";

describe("metrics compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(metricEntries))("%s", (name, entry) => {
    expect(metricProblems(name, entry)).toEqual([]);
  });
});
