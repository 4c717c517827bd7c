/** A thread pool that was used wrongly, or whose threads do not answer. */
export class ThreadPoolError extends Error {
  override readonly name: string = "ThreadPoolError";
}

/** A program trapped in one of its threads. All threads have stopped, and the results are incomplete. */
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

/** Why a program stopped: the message of the engine's error, without its name. */
export function describeTrap(entry: string, text: string): string {
  const [message = ""] = text.split("\n");
  return `trapped in ${entry}: ${message.replace(/^(?:WebAssembly\.)?RuntimeError: /, "")}`;
}

/** The text for {@link describeTrap}: name and message in the first line, then the stack. */
export function trapText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
}
