import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { programOf } from "../src/tasks/playground/program.js";
import { playground, type PlaygroundView } from "../src/tasks/playground/playground.js";
import type { PlaygroundSettings } from "../src/tasks/playground/settings.js";

/** Where programs are written. */
const folder = join(import.meta.dirname, `../temp/programs-${process.pid}`);

export const removePrograms = (): void => rmSync(folder, { recursive: true, force: true });

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
function trainedFor(settings: PlaygroundSettings, epochs: number): PlaygroundView {
  const task = playground(settings);
  while (task.view().epochs < epochs) task.step();
  return task.view();
}

/** Compares what a program prints at its end with the playground after as many epochs. */
export async function expectSame(settings: PlaygroundSettings, epochs: number): Promise<void> {
  const results = await printed(programOf(settings, epochs));
  const { test: expected } = trainedFor(settings, epochs);
  expect(results["test loss"]).toBeCloseTo(expected.loss, 5);
  expect(Number(results["test accuracy"] ?? -1)).toBeCloseTo(expected.accuracy ?? -1, 6);
}
