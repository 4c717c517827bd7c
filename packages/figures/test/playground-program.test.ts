import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { activations, namesOf, optimizers, schedules } from "../src/tasks/playground/choices.js";
import { playground } from "../src/tasks/playground/playground.js";
import { programOf } from "../src/tasks/playground/program.js";
import { consistent, firstSettings, type PlaygroundSettings } from "../src/tasks/playground/settings.js";
import { cases } from "./playground-cases.js";

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
