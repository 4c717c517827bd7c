import { expect, test } from "vitest";
import { HumanTrainOutput } from "../../src/commands/train-output-human.js";
import type { EpochMetrics } from "../../src/run/metrics-file.js";
import { loadData } from "../../src/data/load.js";
import { completeSettings, mergeSettings } from "../../src/settings/merge.js";
import { capturedTerminal } from "../captured-terminal.js";
import { evaluationOf } from "../evaluation/counted.js";

const metricsOf = (epoch: number): EpochMetrics => ({
  epoch, learningRate: 0.1, trainLoss: 1, trainAccuracy: 0.5, validationLoss: Math.abs(epoch - 42), validationAccuracy: 0.5, seconds: 1, stepsPerSecond: 2,
});

test("a long run shows the epoch whose weights are kept, also if it is none of those that were shown", async () => {
  const data = await loadData(mergeSettings({ data: "xor" }));
  const settings = completeSettings(mergeSettings({ data: "xor", epochs: 100 }), "table");
  const { terminal, out } = capturedTerminal(80);
  const output = new HumanTrainOutput(terminal, true);
  const architecture = { features: 2, classes: 2, hidden: [4], activation: "relu", dropout: 0, batchNorm: false, ensemble: 1 } as const;
  output.begin({ settings, data, architecture, parameters: 22, stepsPerEpoch: 1, out: "run", epochsBefore: 0 });
  for (let epoch = 1; epoch <= 100; epoch++) output.epoch(metricsOf(epoch), epoch <= 42);
  output.end({
    outcome: "completed", why: "", evaluation: await evaluationOf(data.classes, [[0, 0, 3], [0, 1, 1], [1, 1, 4]]), epochs: 100, kept: metricsOf(42), keep: "best", seconds: 1, stepsPerSecond: 1, stepsPerEpoch: 1, parameters: 22, out: "run", model: "m", report: "r",
  });
  // oxlint-disable-next-line no-control-regex -- colours are left out
  const rows = out().replaceAll(/\u001B\[\d+m/g, "").split("\n").filter((line) => /^ +\d+ +1\.0000/.test(line));
  expect(rows.map((row) => Number(row.trim().split(" ")[0]))).toEqual([1, ...Array.from({ length: 25 }, (_, at) => 4 * (at + 1)), 42]);
  expect(rows.at(-1)).toMatch(/ kept$/);
  expect(out().replaceAll("\n", " ")).toContain("The weights of epoch 42 are kept, with the lowest validation loss: 0.0000, accuracy 50.00%.");
});
