import { withBase } from "vitepress";
import type { RunReport, RunRequest } from "../worker/protocol.js";
import { rowOf, summaryOf } from "./report-rows.js";
import { words } from "./words.js";

/** Older browsers edit text with styles only, of which the text counts. */
const isPlainTextKnown = CSS.supports("-webkit-user-modify", "read-write-plaintext-only") || "editContext" in HTMLElement.prototype;

const views = new WeakMap<Element, ProgramView>();

/** Does what a button below a program says. */
export function press(button: HTMLButtonElement): void {
  const element = button.closest<HTMLElement>(".program");
  if (element === null) return;
  const view = views.get(element) ?? new ProgramView(element);
  views.set(element, view);
  if (button.dataset["action"] === "edit") view.edit();
  else view.toggle();
}

/** A program of a page: its code, its buttons, and what it tells while it runs in a worker. */
class ProgramView {
  readonly #element: HTMLElement;
  readonly #code: HTMLElement | null;
  readonly #original: string;
  /** The markup of the code, with its colours, to put back. */
  readonly #markup: string;
  readonly #firstLine: number;
  readonly #output = document.createElement("div");
  /** A program whose page the reader leaves is stopped. */
  readonly #leaving = new IntersectionObserver(() => {
    if (!this.#element.isConnected) this.#end("");
  });
  #worker: Worker | undefined;
  #reports: RunReport[] = [];
  #started = 0;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#code = element.previousElementSibling?.querySelector("code") ?? null;
    this.#original = this.#text;
    this.#markup = this.#code?.innerHTML ?? "";
    this.#firstLine = Number(element.dataset["firstLine"]);
    this.#output.className = "program-output";
    this.#output.setAttribute("role", "log");
    element.append(this.#output);
  }

  /** Runs, or stops. */
  toggle(): void {
    if (this.#worker === undefined) this.#run();
    else this.#end(words().stopped);
  }

  /** Makes the code editable, or puts it back as it was. */
  edit(): void {
    const code = this.#code;
    if (code === null) return;
    const isEdited = code.isContentEditable;
    this.#button("edit").textContent = isEdited ? words().edit : words().reset;
    if (isEdited) {
      code.innerHTML = this.#markup;
      for (const name of ["contenteditable", "role", "aria-multiline", "aria-label"]) code.removeAttribute(name);
      return;
    }
    code.setAttribute("contenteditable", isPlainTextKnown ? "plaintext-only" : "true");
    code.setAttribute("role", "textbox");
    code.setAttribute("aria-multiline", "true");
    code.setAttribute("aria-label", words().code);
    code.spellcheck = false;
    code.focus();
  }

  get #text(): string {
    return this.#code?.innerText.replaceAll("\u00A0", " ") ?? "";
  }

  #button(action: "run" | "edit"): HTMLElement {
    return this.#element.querySelector<HTMLElement>(`[data-action="${action}"]`) ?? this.#element;
  }

  #run(): void {
    this.#output.replaceChildren();
    this.#clearMarks();
    this.#reports = [];
    this.#started = performance.now();
    this.#element.dataset["state"] = "running";
    this.#leaving.observe(this.#element);
    this.#button("run").textContent = words().stop;
    const worker = new Worker(new URL(withBase("/run/worker.js"), location.href), { type: "module" });
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<RunReport>) => this.#receive(data));
    worker.addEventListener("error", (event) => this.#receive({ type: "failed", message: event.message || words().notLoaded }));
    worker.postMessage(this.#request(), []);
  }

  #request(): RunRequest {
    const text = this.#text;
    return text === this.#original ? { program: this.#element.dataset["program"] ?? "" } : { code: text };
  }

  #receive(report: RunReport): void {
    if (!this.#element.isConnected) return this.#end("");
    this.#reports.push(report);
    const row = rowOf(report, this.#codeAt(report));
    if (row !== undefined) this.#output.append(row);
    if (report.type === "value" || report.type === "compared" || report.type === "threw") this.#markLine(report.line, report.expected === undefined);
    if (report.type === "ended") this.#end(summaryOf(this.#reports, performance.now() - this.#started));
    if (report.type === "failed") this.#end("");
  }

  #end(message: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#leaving.disconnect();
    const isRight = this.#reports.every((report) => report.type !== "failed" && !("expected" in report));
    this.#element.dataset["state"] = this.#reports.some(({ type }) => type === "ended" || type === "failed") ? (isRight ? "right" : "wrong") : "stopped";
    this.#button("run").textContent = words().run;
    if (message === "") return;
    const line = document.createElement("p");
    line.textContent = message;
    this.#output.append(line);
  }

  /** The code that a report is about, without its comment. */
  #codeAt(report: RunReport): string {
    const line = "line" in report ? this.#text.split("\n")[report.line - this.#firstLine] : undefined;
    return (line ?? "").replace(/\s*\/\/ .*$/, "").replace(/;$/, "").trim();
  }

  /** Puts a sign behind a line of the code. */
  #markLine(line: number, isRight: boolean): void {
    const element = this.#lineElements()[line - this.#firstLine];
    if (element !== undefined) element.dataset["mark"] = isRight ? "right" : "wrong";
  }

  #clearMarks(): void {
    for (const element of this.#lineElements()) delete element.dataset["mark"];
  }

  #lineElements(): readonly HTMLElement[] {
    return [...(this.#code?.querySelectorAll<HTMLElement>(".line") ?? [])];
  }
}
