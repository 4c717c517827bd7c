/** A thread pool that was used wrongly, or whose threads do not answer. */
export class ThreadPoolError extends Error {
  override readonly name: string = "ThreadPoolError";
}

/** A program trapped in one of its threads. All threads have stopped; what the program was to compute is incomplete. */
export class ThreadTrapError extends ThreadPoolError {
  override readonly name: string = "ThreadTrapError";
  /** The thread that trapped first; 0 is the caller's. */
  readonly thread: number;
  /** How many threads took part. */
  readonly threads: number;

  constructor(message: string, thread: number, threads: number, cause: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.thread = thread;
    this.threads = threads;
  }
}

/**
 * The function in which a program stopped and why, from what was thrown: `trapped in kernel3: divide by zero`.
 *
 * @param text - name and message in the first line, then the stack of the engine: V8 writes `at kernel3 (wasm://…`, others
 * `kernel3@…:wasm-function[3]`.
 */
export function describeTrap(text: string): string {
  const [first = "", ...stack] = text.split("\n");
  const message = first.replace(/^(?:WebAssembly\.)?RuntimeError: /, "");
  const frames = stack.map((line) => /^\s*(?:at )?([\w$.[\]]+)(?: \(|@)\S*wasm/.exec(line)?.[1]);
  const place = frames.find((frame) => frame !== undefined);
  return `trapped${place === undefined ? "" : ` in ${place}`}: ${message}`;
}

/** What {@link describeTrap} reads. */
export function trapText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
}
