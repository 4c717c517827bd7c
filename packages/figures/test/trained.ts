import type { Task } from "../src/tasks/task.js";

/** What a task shows after some steps, or at its end. */
export function trained<View>(task: Task<View>, steps: number = Infinity): View {
  for (let step = 0; step < steps && !task.isDone(); step++) void task.step();
  return task.view();
}

export const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Numbers from 0 to 1, the same every time. */
export function randomNumbers(): () => number {
  let seed = 1;
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}
