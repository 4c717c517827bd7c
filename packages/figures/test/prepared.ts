import { expect } from "vitest";
import type { Task } from "../src/tasks/task.js";
import { trained } from "./trained.js";

/** Expects that a task shows and learns the same after it was prepared as without. */
export function expectUnchangedByPreparing(make: () => Task<unknown>): void {
  const [prepared, fresh] = [make(), make()];
  expect(prepared.prepare).toBeDefined();
  expect(prepared.view()).toEqual(fresh.view());
  prepared.prepare?.();
  expect(prepared.view()).toEqual(fresh.view());
  expect(trained(prepared, 3)).toEqual(trained(fresh, 3));
}
