import { UsageError } from "@nn/tensor";
import { messageOf } from "@nn/tensor/extend";
import type { ChangeOf, LoadTask, TaskName, Tasks } from "../tasks/all.js";
import type { FileFormat, Task } from "../tasks/task.js";
import type { Report, Request, TrainingState } from "./protocol.js";

/** How often a figure hears of a training that runs, in milliseconds: about once for each frame that a screen shows. */
const interval = 16;

type AnyView = Tasks[TaskName]["view"];

/** Any of the tasks. */
type AnyTask = Task<AnyView, ChangeOf<TaskName>>;

/** The tasks that a worker can train, and where they are. */
export type TaskTable = { readonly [Name in TaskName]?: LoadTask<Name> };

/** The fields of a view that are not the same as before. */
function changedFields(before: AnyView | undefined, now: AnyView): Partial<AnyView> {
  if (before === undefined) return now;
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => !Object.is(old.get(name), value)));
}

/** The other side of the protocol: runs one task, and reports what it shows. */
export class Training {
  readonly #tasks: TaskTable;
  readonly #report: (report: Report) => void;
  #task: AnyTask | undefined;
  /** The view that was reported last. */
  #shown: AnyView | undefined;
  #state: TrainingState = "paused";
  #stepsPerSecond = Infinity;
  /** Steps that are due, which may be less than one. */
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #handled = Promise.resolve();

  constructor(tasks: TaskTable, report: (report: Report) => void) {
    this.#tasks = tasks;
    this.#report = report;
  }

  /** Handles a message of the figure. Messages are handled one after another; the promise is for tests. */
  handle(request: Request): Promise<void> {
    return this.#enqueue(() => this.#handle(request));
  }

  /** Messages and the steps of a training that runs take turns. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#handled = this.#handled.then(work).catch((error: unknown) => this.#fail(error));
    return this.#handled;
  }

  async #handle(request: Request): Promise<void> {
    if (request.type === "start") await this.#start(request);
    else if (request.type === "run") await this.#run();
    else if (request.type === "pause") this.#stop("paused");
    else if (request.type === "pace") this.#stepsPerSecond = request.stepsPerSecond;
    else if (request.type === "change") this.#change(request.change);
    else if (request.type === "save") return this.#save(request.format);
    else {
      this.#stop("paused");
      await this.#task?.step();
    }
    this.#show();
  }

  async #start({ task, settings, stepsPerSecond }: Extract<Request, { readonly type: "start" }>): Promise<void> {
    this.#stop("paused");
    const load = this.#tasks[task];
    if (load === undefined) throw new UsageError(`this worker does not train ${task}`);
    const make = await load();
    this.#task?.dispose?.();
    this.#shown = undefined;
    // A request has the settings of its task.
    const made = (make as (settings: unknown) => AnyTask)(settings);
    this.#task = made;
    this.#stepsPerSecond = stepsPerSecond;
    // Messages that have come meanwhile are handled first.
    if (made.prepare !== undefined) setTimeout(() => void this.#enqueue(async () => this.#prepare(made)));
  }

  #prepare(task: AnyTask): void {
    if (task === this.#task && this.#state === "paused") task.prepare?.();
  }

  #change(change: ChangeOf<TaskName>): void {
    this.#task?.change?.(change);
    // What was done may have something to do again.
    if (this.#state === "done") this.#state = "paused";
  }

  async #save(format: FileFormat): Promise<void> {
    const save = this.#task?.save?.(format);
    if (save === undefined) throw new UsageError("the task cannot be saved");
    this.#report({ type: "saved", content: await save });
  }

  async #run(): Promise<void> {
    if (this.#state === "running") return;
    this.#state = "running";
    this.#due = 1;
    await this.#tick();
  }

  #stop(state: TrainingState): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = state;
  }

  /** Takes the steps that are due, for at most one interval. Says whether there were any. */
  async #tick(): Promise<boolean> {
    const task = this.#task;
    if (task === undefined) return false;
    const started = performance.now();
    let steps = 0;
    while (this.#due >= 1 && !task.isDone() && performance.now() - started < interval) {
      const step = task.step();
      // Most steps are over when they return.
      if (step !== undefined) await step;
      this.#due -= 1;
      steps += 1;
    }
    // What could not be done in time is not made up for.
    this.#due = Math.min(this.#due + (this.#stepsPerSecond * interval) / 1000, Math.max(1, (this.#stepsPerSecond * interval) / 1000) + 1);
    clearTimeout(this.#timer);
    // A tick that took its whole time is followed by the next one as soon as messages were handled.
    this.#timer = setTimeout(() => void this.#enqueue(() => this.#next()), Math.max(0, interval - (performance.now() - started)));
    return steps > 0;
  }

  async #next(): Promise<void> {
    // A message that came first may have ended the training.
    if (this.#state !== "running") return;
    if (await this.#tick()) this.#show();
  }

  #fail(error: unknown): void {
    this.#stop("paused");
    this.#report({ type: "failed", message: messageOf(error) });
  }

  #show(): void {
    const task = this.#task;
    if (task === undefined) return;
    if (task.isDone()) this.#stop("done");
    const view = task.view();
    this.#report({ type: "view", view: changedFields(this.#shown, view), state: this.#state });
    this.#shown = view;
  }
}
