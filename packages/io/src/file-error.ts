/** A file cannot be read or written. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly path: string;
  /** The system's name for the reason, such as `ENOSPC`. */
  readonly code: string | undefined;

  constructor(operation: string, action: "read" | "write", path: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
    const reason = reasons.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
    super(`${operation}: cannot ${action} ${JSON.stringify(path)}: ${reason}`, { cause });
    this.path = path;
    this.code = code;
  }
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "it is a folder, expected a file"],
  ["ENOTDIR", "a part of the path is a file, expected a folder"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "the file system is read-only"],
]);
