import { UsageError } from "@nn/tensor";
import { messageOf } from "@nn/tensor/extend";
import { tasks, type ChangeOf, type Tasks, type TaskName } from "../tasks/all.js";
import type { FileFormat, Task } from "../tasks/task.js";
import type { Report, Request, TrainingState } from "./protocol.js";

/** How often a figure hears of a training that runs, in milliseconds: about once for each frame that a screen shows. */
const interval = 16;

/** Any of the tasks. */
type AnyTask = Task<Tasks[TaskName]["view"], ChangeOf<TaskName>>;

/** The other side of the protocol: runs one task, and reports what it shows. Time and timers are arguments, for tests. */
export class Training {
  readonly #report: (report: Report) => void;
  #task: AnyTask | undefined;
  #state: TrainingState = "paused";
  #stepsPerSecond = Infinity;
  /** Steps that are due, which may be less than one. */
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #handled = Promise.resolve();

  constructor(report: (report: Report) => void) {
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
    if (request.type === "start") {
      this.#stop("paused");
      const make = await tasks[request.task]();
      this.#task?.dispose?.();
      // A request has the settings of its task.
      this.#task = (make as (settings: unknown) => AnyTask)(request.settings);
      this.#stepsPerSecond = request.stepsPerSecond;
    } else if (request.type === "run") await this.#run();
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

  /** Takes the steps that are due, for at most one interval. */
  async #tick(): Promise<void> {
    const task = this.#task;
    if (task === undefined) return;
    const started = performance.now();
    while (this.#due >= 1 && !task.isDone() && performance.now() - started < interval) {
      const step = task.step();
      // Most steps are over when they return.
      if (step !== undefined) await step;
      this.#due -= 1;
    }
    // What could not be done in time is not made up for.
    this.#due = Math.min(this.#due + (this.#stepsPerSecond * interval) / 1000, Math.max(1, (this.#stepsPerSecond * interval) / 1000) + 1);
    clearTimeout(this.#timer);
    // A tick that took its whole time is followed by the next one as soon as messages were handled.
    this.#timer = setTimeout(() => void this.#enqueue(() => this.#next()), Math.max(0, interval - (performance.now() - started)));
  }

  async #next(): Promise<void> {
    // A message that came first may have ended the training.
    if (this.#state !== "running") return;
    await this.#tick();
    this.#show();
  }

  #fail(error: unknown): void {
    this.#stop("paused");
    this.#report({ type: "failed", message: messageOf(error) });
  }

  #show(): void {
    const task = this.#task;
    if (task === undefined) return;
    if (task.isDone()) this.#stop("done");
    this.#report({ type: "view", view: task.view(), state: this.#state });
  }
}
