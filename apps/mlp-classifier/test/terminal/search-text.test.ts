import type { TrialRecord } from "@nn/search";
import { expect, test } from "vitest";
import { plain } from "../../src/terminal/style.js";
import { describeRunning, trialLines } from "../../src/terminal/search-text.js";

const trials: readonly TrialRecord[] = [
  { number: 0, parameters: {}, reports: [{ step: 1, value: 0.5 }], state: "completed", value: 0.5 },
  { number: 1, parameters: {}, reports: [{ step: 1, value: 0.5 }, { step: 2, value: 0.4 }], state: "running" },
  { number: 2, parameters: {}, reports: [], state: "running" },
];

test("what running trials do is told with their epochs", () => {
  expect(describeRunning(trials, 20)).toBe("trial 1: epoch 2 of 20, trial 2: begins");
  expect(describeRunning(trials, undefined)).toBe("trial 1: epoch 2, trial 2: begins");
});

test("a trial that has ended has its number from 0, and the whole reason of a failure below it", () => {
  const [completed] = trials;
  const failed: TrialRecord = { number: 7, parameters: { rate: 0.00025 }, reports: [], state: "failed", reason: "the connection to the server was lost, and nobody knows why" };
  expect(completed === undefined ? [] : trialLines(completed, "accuracy", true, plain, 60)).toEqual(["0          50.00%       1    best"]);
  expect(trialLines(failed, "loss", false, plain, 40)).toEqual([
    "7          failed       0  rate 2.5e-4", "       the connection to the server was", "       lost, and nobody knows why",
  ]);
});
