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

/** Why a program stopped, in the words of the engine: the message of what was thrown, without its name. */
export function describeTrap(entry: string, text: string): string {
  const [message = ""] = text.split("\n");
  return `trapped in ${entry}: ${message.replace(/^(?:WebAssembly\.)?RuntimeError: /, "")}`;
}

/** What {@link describeTrap} reads: name and message in the first line, then the stack of the engine. */
export function trapText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
}
