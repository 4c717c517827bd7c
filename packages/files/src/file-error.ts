import { messageOf, quote } from "@nn/tensor/extend";

/** A file cannot be read or written. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  readonly path: string;
  /** The system's name for the reason, such as `ENOENT`. */
  readonly code: string | undefined;

  /** If `cause` is an error of the system, the message gives the reason in words. */
  constructor(operation: string, action: "read" | "write", path: string, cause: unknown) {
    super(`${operation}: cannot ${action} ${quote(path, longestPath)}: ${systemReason(cause)}`, { cause });
    this.path = path;
    this.code = codeOf(cause);
  }
}

/** Messages show at most this many characters of a path: the most that systems accept. */
const longestPath = 4096;

/**
 * The reason of an error in words: a description for errors of the system, the reason of the cause for a {@link FileError}, otherwise the message of
 * the error.
 */
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

/** The name that the system gives to an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
