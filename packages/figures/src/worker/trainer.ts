import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ChangeOf, TaskName, Tasks } from "../tasks/all.js";
import type { FileContent, FileFormat } from "../tasks/task.js";
import { startWorker } from "./start.js";
import type { Report, Request, TrainingState } from "./protocol.js";

/** A task that trains in a worker of its own, for an element: it updates the element whenever there is something new to show. Before the first view the element is busy (`aria-busy`). */
export class Trainer<Name extends TaskName> implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #task: Name;
  readonly #settings: () => Tasks[Name]["settings"];
  readonly #start: () => Worker;
  #stepsPerSecond: number;
  #worker: Worker | undefined;
  /** Those who wait for a file, in the order in which they asked. */
  readonly #waiting: { readonly take: (content: FileContent) => void; readonly refuse: (reason: Error) => void }[] = [];
  view: Tasks[Name]["view"] | undefined;
  state: TrainingState = "paused";
  /** Why training failed, if it did. */
  failure: string | undefined;

  constructor(host: ReactiveControllerHost & Element, task: Name, settings: () => Tasks[Name]["settings"], stepsPerSecond: number, start: () => Worker = startWorker) {
    this.#host = host;
    this.#task = task;
    this.#settings = settings;
    this.#stepsPerSecond = stepsPerSecond;
    this.#start = start;
    host.addController(this);
  }

  hostConnected(): void {
    this.#worker = this.#start();
    this.#worker.addEventListener("message", (event: MessageEvent<Report<Name>>) => this.#receive(event.data));
    this.#worker.addEventListener("error", (event) => this.#receive({ type: "failed", message: event.message }));
    this.#host.ariaBusy = "true";
    this.restart();
  }

  hostDisconnected(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Begins anew with the settings that the element has now. */
  restart(): void {
    this.#send({ type: "start", task: this.#task, settings: this.#settings(), stepsPerSecond: this.#stepsPerSecond });
  }

  step(): void {
    this.#send({ type: "step" });
  }

  run(): void {
    this.#send({ type: "run" });
  }

  pause(): void {
    this.#send({ type: "pause" });
  }

  /** Changes what trains, without beginning anew. */
  change(change: ChangeOf<Name>): void {
    this.#send({ type: "change", change });
  }

  /** What has been trained, as the content of a file. */
  save(format: FileFormat): Promise<FileContent> {
    return new Promise((take, refuse) => {
      this.#waiting.push({ take, refuse });
      this.#send({ type: "save", format });
    });
  }

  /** Trains faster or slower from now on. */
  setPace(stepsPerSecond: number): void {
    this.#stepsPerSecond = stepsPerSecond;
    this.#send({ type: "pace", stepsPerSecond });
  }

  /** Runs, or pauses. */
  toggle(): void {
    this.#send({ type: this.state === "running" ? "pause" : "run" });
  }

  #send(request: Request): void {
    this.#worker?.postMessage(request);
  }

  #receive(report: Report<Name>): void {
    if (report.type === "saved") {
      this.#waiting.shift()?.take(report.content);
      return;
    }
    this.#host.ariaBusy = "false";
    if (report.type === "failed") {
      for (const { refuse } of this.#waiting.splice(0)) refuse(new Error(report.message));
      this.failure = report.message;
      this.state = "paused";
    } else {
      this.failure = undefined;
      // The first view is whole.
      this.view = { ...this.view, ...report.view } as Tasks[Name]["view"];
      this.state = report.state;
    }
    this.#host.requestUpdate();
  }
}
