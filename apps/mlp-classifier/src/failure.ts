/** What ends the program early: one sentence for the person at the terminal, and the exit code. */
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

/** The person pressed Ctrl-C; what was learned is saved. */
export class Interruption extends Failure {
  override readonly name = "Interruption";

  constructor(message: string) {
    super(message, { exitCode: exitCodes.interrupted });
  }
}

/** What the program answers to the shell. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder, expected a file",
  EEXIST: "it exists already",
  EMFILE: "too many files are open",
  EFBIG: "the file would be too large",
  ELOOP: "symbolic links go round in a circle",
  ENAMETOOLONG: "the name is too long",
};

/** Whether an error came from the operating system, with this code if one is given. */
export function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error && (code === undefined || error.code === code);
}

/** Why the operating system refused, in words. */
export function systemReason(error: unknown): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  return systemReasons[error.code ?? ""] ?? error.message;
}

/** Any error as one sentence: errors of the operating system in words; those of packages without the name of their function. */
export function sentence(error: unknown): string {
  if (isSystemError(error)) return error.path === undefined ? `${error.syscall}: ${systemReason(error)}` : `${error.path}: ${systemReason(error)}`;
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? error.name : error.message.replace(/^[a-z]+[A-Z]\w*: /, "");
}
