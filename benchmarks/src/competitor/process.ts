import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { mark, type Answers, type Figures, type Request } from "./protocol.js";

/** A program to start. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** What it adds to the environment of this process, or, if undefined, removes from it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A competitor's process failed, did not answer in time, or reported an error. */
export class CompetitorError extends Error {
  override readonly name = "CompetitorError";
}

interface Waiting {
  readonly resolve: (answer: object) => void;
  readonly reject: (error: Error) => void;
}

/** The longest time that a request may take, so that a competitor that hangs does not block the others. */
const timeout = 300_000;

/** A running competitor. It answers one request at a time. */
export class CompetitorProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  #output: string[] = [];
  #ended = false;
  readonly #exit: Promise<void>;

  constructor({ program, args, env }: Command) {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#child = child;
    child.stdin.on("error", () => {}); // `close` reports it
    child.stderr.on("data", (chunk: Buffer) => this.#remember(chunk.toString()));
    createInterface({ input: child.stdout }).on("line", (line) => this.#line(line));
    this.#exit = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.#ended = true;
        this.#settle()?.reject(new CompetitorError(`${reason}${this.#said()}`));
        resolve();
      };
      child.on("error", (error) => end(error.message));
      child.on("close", (status, signal) => end(`ended with ${signal ?? `status ${status}`}`));
    });
  }

  /** Sends a request and waits for the answer. @throws CompetitorError */
  request<R extends Request>(request: R): Promise<Answers[R["do"]]> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    return this.#answer() as Promise<Answers[R["do"]]>;
  }

  /** Waits for the answer of a process that runs its task without a request. @throws CompetitorError */
  figures(): Promise<Figures> {
    return this.#answer() as Promise<Figures>;
  }

  /** Ends the process and waits until it has exited. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#exit;
    clearTimeout(timer);
  }

  #answer(): Promise<object> {
    if (this.#ended) return Promise.reject(new CompetitorError(`has ended${this.#said()}`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#child.kill("SIGKILL");
        this.#settle()?.reject(new CompetitorError(`no answer in ${timeout / 1000} s`));
      }, timeout);
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
    else this.#settle()?.reject(new CompetitorError(message.error));
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
