import { systemReason } from "@nn/files";
import { unlocatedMessage } from "@nn/tensor/extend";

/** An error that ends the program: one sentence for the user, and the exit code. */
export class Failure extends Error {
  override readonly name: string = "Failure";
  readonly exitCode: number;

  constructor(message: string, { exitCode = exitCodes.failed, cause }: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** The arguments do not fit together, or one has a wrong value. */
export class UsageFailure extends Failure {
  override readonly name = "UsageFailure";

  constructor(message: string, cause?: unknown) {
    super(message, { exitCode: exitCodes.usage, cause });
  }
}

/** A signal ended the program, after saving the run. */
export class Interruption extends Failure {
  override readonly name = "Interruption";
  /** What happened, without the command. */
  readonly what: string;
  /** The command that continues what was interrupted. */
  readonly command: string | undefined;

  /**
   * @param what - what happened; before a command it ends as "continue it" does.
   * @param reason - the reason of the abort: the name of a signal, or the failure that stopped the program.
   */
  constructor(what: string, reason: unknown, command?: string) {
    super(command === undefined ? what : `${what} with: ${command}`, { exitCode: reason instanceof Failure ? reason.exitCode : exitCodeOf(reason) });
    this.what = what;
    this.command = command;
  }
}

/** Exit codes. For signals: 128 plus their number, as in shells. */
export const exitCodes = { done: 0, failed: 1, usage: 2, hangUp: 129, interrupted: 130, terminated: 143 } as const;

/** The exit code for a signal. */
export function exitCodeOf(signal: unknown): number {
  return signal === "SIGHUP" ? exitCodes.hangUp : signal === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
}

/** Whether an error came from the operating system, and has the code if one is given. */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error && (codes.length === 0 || codes.includes(error.code));
}

/** The names of the packages' errors whose message begins with the name of the called function. */
const namesFunction = new Set(["ArgumentError", "ShapeError", "DTypeError", "UsageError", "BackendError", "IndexError"]);

/** Any error as one sentence: errors of the operating system in words, errors of packages without the module or plugin where they arose and without the name of the function. */
export function sentence(error: unknown): string {
  if (isSystemError(error)) return error.path === undefined ? `${error.syscall}: ${systemReason(error)}` : `${error.path}: ${systemReason(error)}`;
  if (!(error instanceof Error)) return String(error);
  if (error instanceof RangeError && /allocation failed|Invalid (typed )?array/i.test(error.message)) return "there is not enough memory";
  const told = unlocatedMessage(error);
  const message = namesFunction.has(error.name) || /^[a-z]+[A-Z]\w*: /.test(told) ? told.replace(/^\w+(\.\w+)*: /, "") : told;
  return message === "" ? error.name : message;
}
