import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { activations, namesOf, optimizers, schedules } from "../src/tasks/playground/choices.js";
import { playground } from "../src/tasks/playground/playground.js";
import { programOf } from "../src/tasks/playground/program.js";
import { consistent, firstSettings, type PlaygroundSettings } from "../src/tasks/playground/settings.js";

const folder = join(import.meta.dirname, `../temp/programs-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** What a program prints when it is executed, by the first words of each line. */
async function printed(program: string): Promise<Readonly<Record<string, unknown>>> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `program-${(count += 1)}.ts`);
  writeFileSync(path, program);
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await import(/* @vite-ignore */ path);
    return Object.fromEntries(log.mock.calls.map(([name, value]) => [String(name), value as unknown]));
  } finally {
    log.mockRestore();
  }
}

/** A playground after some epochs. */
function trainedFor(settings: PlaygroundSettings, epochs: number) {
  const task = playground(settings);
  while (task.view().epochs < epochs) task.step();
  return task.view();
}

const own = { inputs: [[-2, 1], [3, 4], [-1, -5], [2, 2], [0, 1], [4, -4], [-3, 3], [1, 1]], targets: [0, 1, 2, 1, 0, 2, 0, 1] };
const cases: readonly Partial<PlaygroundSettings>[] = [
  {},
  { data: "circle", classes: 4, noise: 20, features: ["x1x1", "x2x2", "x1x2"], layers: [5], penalty: "l2", penaltyRate: 0.01 },
  { data: "xor", noise: 10, activation: "relu", batchNorm: true, optimizer: "adam", schedule: "cosine" },
  { data: "gauss", classes: 3, noise: 30, layers: [], optimizer: "nesterov", trainShare: 30, batchSize: 7 },
  { data: "spiral", features: ["x1", "x2", "sinx1", "sinx2"], layers: [6, 4, 2], activation: "gelu", dropout: 0.25, optimizer: "adamw", penalty: "l1", penaltyRate: 0.001, seed: 9 },
  { problem: "regression", data: "plane", noise: 25, activation: "linear", schedule: "warmup" },
  { problem: "regression", data: "bumps", layers: [8], activation: "prelu", optimizer: "rmsprop", learningRate: 0.001 },
  { data: "own", own, batchSize: 3, batchNorm: true },
  { problem: "regression", data: "own", own: { inputs: own.inputs, targets: own.targets.map((target) => target - 1) }, features: ["sinx2"] },
  { data: "own", own: { inputs: own.inputs.map((point) => [...point, 1]), targets: own.targets, columns: ["a", 'the "b"', "c"].map((name) => ({ name, low: 0, high: 1 })), classNames: ["x", "y", "z"] }, features: ["c0", "c2"] },
];

describe("an exported program", () => {
  test.each(cases)("trains the same network: %o", async (change) => {
    const settings = consistent({ ...firstSettings, ...change });
    const results = await printed(programOf(settings, 2));
    const { test: expected } = trainedFor(settings, 2);
    expect(results["test loss"]).toBeCloseTo(expected.loss, 5);
    expect(Number(results["test accuracy"] ?? -1)).toBeCloseTo(expected.accuracy ?? -1, 6);
  });

  test("has every activation, optimizer and schedule", async () => {
    for (const activation of namesOf(activations)) expect(programOf({ ...firstSettings, activation }, 1)).toContain(`new ${activations[activation].layer}()`);
    for (const optimizer of namesOf(optimizers)) {
      const settings = { ...firstSettings, optimizer, learningRate: 0.01, trainShare: 10 };
      expect((await printed(programOf(settings, 1)))["test loss"]).toBeCloseTo(trainedFor(settings, 1).test.loss, 5);
    }
    for (const schedule of namesOf(schedules)) {
      const settings = { ...firstSettings, schedule, trainShare: 10 };
      expect((await printed(programOf(settings, 1)))["test loss"]).toBeCloseTo(trainedFor(settings, 1).test.loss, 5);
    }
  });

  test("reads like one that somebody wrote", () => {
    expect(programOf({ ...firstSettings, penalty: "l2", penaltyRate: 0.003 }, 100)).toMatchSnapshot();
  });
});
