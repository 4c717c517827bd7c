import type { ChangeOf, TaskName, Tasks } from "../tasks/all.js";
import type { FileContent, FileFormat } from "../tasks/task.js";

/** A message from a figure to its worker. */
export type Request =
  | { readonly type: "start"; readonly task: TaskName; readonly settings: Tasks[TaskName]["settings"]; readonly stepsPerSecond: number }
  | { readonly type: "run" }
  | { readonly type: "pause" }
  | { readonly type: "step" }
  | { readonly type: "change"; readonly change: ChangeOf<TaskName> }
  | { readonly type: "pace"; readonly stepsPerSecond: number }
  | { readonly type: "save"; readonly format: FileFormat };

/** Whether the worker trains now. */
export type TrainingState = "paused" | "running" | "done";

/** A message from a worker to its figure. The first view of a task comes whole; of a later one only the fields that have changed. */
export type Report<Name extends TaskName = TaskName> =
  | { readonly type: "view"; readonly view: Partial<Tasks[Name]["view"]>; readonly state: TrainingState }
  | { readonly type: "saved"; readonly content: FileContent }
  | { readonly type: "failed"; readonly message: string };
