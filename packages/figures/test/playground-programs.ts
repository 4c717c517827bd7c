import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { playground, type PlaygroundView } from "../src/tasks/playground/playground.js";
import type { PlaygroundSettings } from "../src/tasks/playground/settings.js";

/** Where programs are written. */
const folder = join(import.meta.dirname, `../temp/programs-${process.pid}`);

export const removePrograms = (): void => rmSync(folder, { recursive: true, force: true });

let count = 0;

/** What a program prints when it is executed, by the first words of each line. */
export async function printed(program: string): Promise<Readonly<Record<string, unknown>>> {
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
export function trainedFor(settings: PlaygroundSettings, epochs: number): PlaygroundView {
  const task = playground(settings);
  while (task.view().epochs < epochs) task.step();
  return task.view();
}
