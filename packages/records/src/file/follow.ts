import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { FileHandle } from "node:fs/promises";
import { RecordError } from "../record-error.js";
import type { RunRecord } from "../run-record.js";
import { longestLine, newline, recordFileName, recordsOf, wholeLines } from "./lines.js";

/** The result of {@link RecordFollower.read}. */
export interface NewRecords {
  /** The records since the last read, in order. */
  readonly records: readonly RunRecord[];
  /** Whether the file was rewritten because the run was resumed or restarted; earlier records are then invalid. */
  readonly restarted: boolean;
  /** Whether there are more records to read now. */
  readonly more: boolean;
}

/** Options of {@link RecordFollower}. */
export interface RecordFollowerOptions {
  /** The `cursor` of an earlier follower of this folder, to continue from its position. */
  readonly cursor?: string;
  /** Number of bytes that are read at once; more for a longer line. Default 1 MiB. */
  readonly chunkSize?: number;
}

const kinds: OptionKinds<RecordFollowerOptions> = { cursor: "string", chunkSize: "count" };

/** A position in a file: which file it was, and up to which byte and line it was read. */
interface FilePosition {
  readonly file: string;
  readonly offset: number;
  readonly line: number;
}

const start: FilePosition = { file: "", offset: 0, line: 1 };

/** Reads the records of a run's folder while another process writes them. It reads only complete lines. */
export class RecordFollower {
  readonly #path: string;
  readonly #chunkSize: number;
  #position: FilePosition;

  /** @throws ArgumentError for an invalid cursor. */
  constructor(folder: string, options: RecordFollowerOptions = {}) {
    requireKind("RecordFollower", "the folder", folder, "string");
    requireOptions("RecordFollower", options, kinds);
    this.#path = builtin("RecordFollower", "node:path").join(folder, recordFileName);
    this.#chunkSize = options.chunkSize ?? 1024 * 1024;
    this.#position = options.cursor === undefined ? start : positionOf(options.cursor);
  }

  /** The position as a short text without spaces, for {@link RecordFollowerOptions.cursor}. */
  get cursor(): string {
    const { file, offset, line } = this.#position;
    return `${file}.${offset}.${line}`;
  }

  /**
   * The records that were added since the last read; none while there is no file.
   * @throws FileError if the file cannot be read.
   * @throws RecordError if it holds anything but records; the next read tries again.
   */
  async read(): Promise<NewRecords> {
    const handle = await this.#open();
    if (handle === undefined) return { records: [], restarted: false, more: false };
    try {
      const { size, ino, birthtimeMs } = await handle.stat();
      const file = `${ino.toString(36)}-${Math.floor(birthtimeMs).toString(36)}`;
      const isSame = this.#position.file === file && size >= this.#position.offset;
      const restarted = !isSame && this.#position.file !== "";
      const from = isSame ? this.#position : { ...start, file };
      const { lines, length } = wholeLines(await this.#readFrom(handle, from.offset, size));
      const records = recordsOf(lines, this.#path, from.line);
      this.#position = { file, offset: from.offset + length, line: from.line + lines.length };
      return { records, restarted, more: length > 0 && this.#position.offset < size };
    } catch (cause) {
      throw cause instanceof RecordError ? cause : new FileError("RecordFollower.read", "read", this.#path, cause);
    } finally {
      await handle.close();
    }
  }

  async #open(): Promise<FileHandle | undefined> {
    try {
      return await builtin("RecordFollower.read", "node:fs/promises").open(this.#path, "r");
    } catch (cause) {
      const error = new FileError("RecordFollower.read", "read", this.#path, cause);
      if (error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Bytes from a position on: a chunk, and more of them until they hold a line break. */
  async #readFrom(handle: FileHandle, offset: number, size: number): Promise<Uint8Array> {
    for (let length = this.#chunkSize; ; length *= 2) {
      const bytes = new Uint8Array(Math.min(length, size - offset));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      if (bytes.includes(newline) || length >= size - offset || bytesRead < bytes.length) return bytes.subarray(0, bytesRead);
      if (length > longestLine) throw new RecordError(this.#path, `a line is longer than ${longestLine} bytes: the file holds no records`);
    }
  }
}

function positionOf(cursor: string): FilePosition {
  const [, file, offset, line] = /^([0-9a-z]*-?[0-9a-z]*)\.(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (file === undefined) throw new ArgumentError(`RecordFollower: cursor is ${describeValue(cursor)}, expected the cursor of a RecordFollower`);
  return { file, offset: Number(offset), line: Number(line) };
}

/**
 * All records of a run's folder. An incomplete last line is left out: it is being written, or its process was killed.
 * @throws FileError if there is no file, or it cannot be read.
 * @throws RecordError if it holds anything but records.
 */
export async function readRecordFile(folder: string): Promise<RunRecord[]> {
  requireKind("readRecordFile", "the folder", folder, "string");
  const path = builtin("readRecordFile", "node:path").join(folder, recordFileName);
  try {
    return recordsOf(wholeLines(await builtin("readRecordFile", "node:fs/promises").readFile(path)).lines, path, 1);
  } catch (cause) {
    throw cause instanceof RecordError ? cause : new FileError("readRecordFile", "read", path, cause);
  }
}
