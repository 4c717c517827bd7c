import type { TrialRecord } from "@nn/search";
import { expect, test } from "vitest";
import { describeRunning } from "../../src/terminal/search-text.js";

const trials: readonly TrialRecord[] = [
  { number: 0, parameters: {}, reports: [{ step: 1, value: 0.5 }], state: "completed", value: 0.5 },
  { number: 1, parameters: {}, reports: [{ step: 1, value: 0.5 }, { step: 2, value: 0.4 }], state: "running" },
  { number: 2, parameters: {}, reports: [], state: "running" },
];

test("what running trials do is told with their epochs", () => {
  expect(describeRunning(trials, 20)).toBe("trial 2: epoch 2 of 20, trial 3: begins");
  expect(describeRunning(trials, undefined)).toBe("trial 2: epoch 2, trial 3: begins");
});
