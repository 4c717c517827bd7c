import { messageOf, quote } from "@nn/tensor/extend";

/** A file cannot be read or written. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  readonly path: string;
  /** The system's name for the reason, such as `ENOENT`. */
  readonly code: string | undefined;

  /** The reason is in words if `cause` is an error of the system. */
  constructor(operation: string, action: "read" | "write", path: string, cause: unknown) {
    super(`${operation}: cannot ${action} ${quote(path, longestPath)}: ${systemReason(cause)}`, { cause });
    this.path = path;
    this.code = codeOf(cause);
  }
}

/** Paths are shown whole, as far as a system takes them. */
const longestPath = 4096;

/** What went wrong, in words: those of a table for an error of the system, else the error's own; of a {@link FileError} the words of its cause. */
export function systemReason(error: unknown): string {
  if (error instanceof FileError) return systemReason(error.cause);
  return reasons[codeOf(error) ?? ""] ?? messageOf(error);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file, expected a folder",
  EISDIR: "it is a folder, expected a file",
  EEXIST: "it exists already",
  EMFILE: "too many files are open",
  EFBIG: "the file would be too large",
  ELOOP: "symbolic links go round in a circle",
  ENAMETOOLONG: "the name is too long",
  EBUSY: "another program uses it",
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
