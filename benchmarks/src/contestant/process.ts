import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { mark, type Answers, type Figures, type Request } from "./protocol.js";

/** A program to start. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A contestant's process that failed, did not answer in time, or said what is wrong. */
export class ContestantError extends Error {
  override readonly name = "ContestantError";
}

interface Waiting {
  readonly resolve: (answer: object) => void;
  readonly reject: (error: Error) => void;
}

/** How long the slowest request may take: a contestant that hangs must not hang the rest. */
const patience = 300_000;

/** A running contestant that answers one request after the other. */
export class ContestantProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  #output: string[] = [];
  #ended = false;
  readonly #exit: Promise<void>;

  constructor({ program, args, env }: Command) {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#child = child;
    child.stdin.on("error", () => {}); // told by `close`
    child.stderr.on("data", (chunk: Buffer) => this.#remember(chunk.toString()));
    createInterface({ input: child.stdout }).on("line", (line) => this.#line(line));
    this.#exit = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.#ended = true;
        this.#settle()?.reject(new ContestantError(`${reason}${this.#said()}`));
        resolve();
      };
      child.on("error", (error) => end(error.message));
      child.on("close", (status, signal) => end(`ended with ${signal ?? `status ${status}`}`));
    });
  }

  /** Sends a request and waits for the answer. @throws ContestantError */
  request<R extends Request>(request: R): Promise<Answers[R["do"]]> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    return this.#answer() as Promise<Answers[R["do"]]>;
  }

  /** Waits for what a process says that does its work unasked. @throws ContestantError */
  figures(): Promise<Figures> {
    return this.#answer() as Promise<Figures>;
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#exit;
    clearTimeout(timer);
  }

  #answer(): Promise<object> {
    if (this.#ended) return Promise.reject(new ContestantError(`has ended${this.#said()}`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#child.kill("SIGKILL");
        this.#settle()?.reject(new ContestantError(`no answer in ${patience / 1000} s`));
      }, patience);
      const settled = <T>(then: (value: T) => void) => (value: T): void => {
        clearTimeout(timer);
        then(value);
      };
      this.#waiting = { resolve: settled(resolve), reject: settled(reject) };
    });
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #line(line: string): void {
    if (!line.startsWith(mark)) {
      this.#remember(`${line}\n`);
      return;
    }
    const message = JSON.parse(line.slice(mark.length)) as { readonly error?: string };
    if (message.error === undefined) this.#settle()?.resolve(message);
    else this.#settle()?.reject(new ContestantError(message.error));
  }

  #remember(text: string): void {
    this.#output.push(text);
    if (this.#output.length > 50) this.#output.shift();
  }

  #said(): string {
    const text = this.#output.join("").trim();
    return text === "" ? "" : `: ${text}`;
  }
}
