import type { Task } from "../src/tasks/task.js";

/** What a task shows after some steps, or when it is done before. */
export function trained<View>(task: Task<View>, steps: number): View {
  for (let step = 0; step < steps && !task.isDone(); step++) void task.step();
  return task.view();
}

/** What a task shows when it is done. */
export function trainedToEnd<View>(task: Task<View>): View {
  const view = trained(task, 5000);
  if (!task.isDone()) throw new Error("the task is not done after 5000 steps");
  return view;
}

export const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Numbers from 0 to 1, the same every time. */
export function randomNumbers(): () => number {
  let seed = 1;
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}
