import { UsageError } from "@nn/tensor";
import { messageOf, requireKind } from "@nn/tensor/extend";
import { createAtomically, FileError, isProcessAlive, makeFolder, processIdentity } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { Mutex } from "../study/mutex.js";
import { requireEvent, type StudyDescription, type StudyEvent } from "./events.js";
import { decodeLine, encodeLine, type JournalLine } from "./journal-line.js";
import type { Storage } from "./storage.js";

/** A journal holds something that no study has written. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly path: string;
  /** The number of the line, from 1. */
  readonly line: number;

  constructor(path: string, line: number, reason: string, options?: ErrorOptions) {
    super(`${path}, line ${line}: ${reason}`, options);
    this.path = path;
    this.line = line;
  }
}

/** A line that follows the remains of an interrupted write. */
interface Recovered {
  readonly event: "recovered";
}

const operation = "JournalStorage";

const newline = 0x0a;

/**
 * A study in a file: one line of JSON for its description, then one for each event, each with a checksum. Lines are only added, each by one write to the end of the
 * file, and their order decides which process has a trial. So several processes of one machine may share a journal without a lock, and a killed process blocks
 * nothing: its trials are taken over.
 *
 * An interrupted write leaves an incomplete line. It counts as not written: readers skip it, and the next writer ends it. A line that is damaged otherwise, for
 * example by a disk or an editor, is refused with its number.
 *
 * The file must be on a local file system: on network file systems, simultaneous writes to the end of a file may overlap. A process of another machine cannot be
 * checked and counts as running.
 */
export class JournalStorage implements Storage {
  readonly owner: string;
  readonly path: string;
  readonly #events: StudyEvent[] = [];
  #description: StudyDescription | undefined;
  /** The numbers of bytes and lines that were read, in complete lines. */
  #bytes = 0;
  #lines = 0;
  /** The previous line, if its write was interrupted. */
  #cut: { readonly line: number; readonly problem: string } | undefined;
  readonly #reading = new Mutex();
  /** Why the file was refused. */
  #refused: JournalError | undefined;

  /** @throws ArgumentError unless the path is a string; UsageError if the host has no files. */
  constructor(path: string) {
    requireKind(operation, "path", path, "string");
    this.path = path;
    this.owner = processIdentity(operation);
  }

  /**
   * Stores the description if the file does not exist yet, and returns the stored one.
   * @throws FileError if the file cannot be read or written; JournalError if it is not a journal.
   */
  async open(description: StudyDescription): Promise<StudyDescription> {
    await makeFolder(operation, builtin(operation, "node:path").dirname(this.path));
    // The description comes into being as a whole: several processes may begin at once.
    await createAtomically(operation, this.path, `${encodeLine(operation, description)}\n`);
    await this.#readOn();
    if (this.#description === undefined) throw new JournalError(this.path, 1, "the file is empty, expected the description of a study; delete it, or use another path");
    return this.#description;
  }

  async append(events: readonly StudyEvent[]): Promise<void> {
    const { open } = builtin(operation, "node:fs/promises");
    await this.#readOn();
    try {
      const file = await open(this.path, "a+");
      try {
        const { size } = await file.stat();
        const last = Uint8Array.of(newline);
        if (size > 0) await file.read(last, 0, 1, size - 1);
        const recovered: Recovered = { event: "recovered" };
        const isCut = last[0] !== newline;
        // A cut line may have an end: that of a write which was to recover it, and was cut as well.
        const lines = [...(isCut || this.#cut !== undefined ? [recovered] : []), ...events].map((each) => `${encodeLine(operation, each)}\n`).join("");
        const text = new TextEncoder().encode(isCut ? `\n${lines}` : lines);
        const { bytesWritten } = await file.write(text);
        if (bytesWritten < text.length) throw new UsageError(`only ${bytesWritten} of ${text.length} bytes were written`);
        if (events.some(({ event }) => event === "finish")) await file.datasync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw new FileError(operation, "write", this.path, cause);
    }
  }

  async read(from: number): Promise<readonly StudyEvent[]> {
    await this.#readOn();
    return this.#events.slice(from);
  }

  isAlive(owner: string): boolean {
    return isProcessAlive(operation, owner) ?? true;
  }

  /** Reads the lines that were added. */
  async #readOn(): Promise<void> {
    await this.#reading.run(() => this.#readLines());
  }

  async #readLines(): Promise<void> {
    if (this.#refused !== undefined) throw this.#refused;
    const bytes = await this.#bytesFrom(this.#bytes);
    const end = bytes.lastIndexOf(newline) + 1;
    for (const text of new TextDecoder().decode(bytes.subarray(0, end)).split("\n").slice(0, -1)) {
      this.#lines += 1;
      this.#readLine(text);
    }
    this.#bytes += end;
  }

  async #bytesFrom(start: number): Promise<Uint8Array> {
    const { open } = builtin(operation, "node:fs/promises");
    try {
      const file = await open(this.path, "r");
      try {
        const { size } = await file.stat();
        if (size < start) throw new UsageError("it has become shorter; another program has changed it");
        const buffer = new Uint8Array(size - start);
        let done = 0;
        while (done < buffer.length) {
          const { bytesRead } = await file.read(buffer, done, buffer.length - done, start + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return buffer.subarray(0, done);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw new FileError(operation, "read", this.path, cause);
    }
  }

  #readLine(text: string): void {
    const line = this.#lines;
    if (text === "") return;
    const read = decodeLine(operation, text);
    if (read.state === "damaged") this.#refuse(line, read.problem);
    if (this.#description === undefined) {
      this.#description = this.#descriptionOf(read);
      return;
    }
    const isRecovered = read.state === "whole" && read.value["event"] === "recovered";
    if (this.#cut !== undefined && !isRecovered) this.#refuse(this.#cut.line, this.#cut.problem);
    this.#cut = undefined;
    if (isRecovered) return;
    if (read.state === "cut") {
      this.#cut = { line, problem: read.problem };
      return;
    }
    try {
      requireEvent("the event", read.value);
    } catch (cause) {
      this.#refuse(line, messageOf(cause), { cause });
    }
    this.#events.push(read.value);
  }

  /** The description. It is written atomically, so it is never incomplete. */
  #descriptionOf(read: JournalLine): StudyDescription {
    const value: object = read.state === "whole" ? read.value : {};
    const { format, version }: { readonly format?: unknown; readonly version?: unknown } = value;
    if (format !== "nn-search") this.#refuse(1, "expected the description of a study, with the format \"nn-search\" and a checksum; use another path");
    if (version !== 1) this.#refuse(1, `the journal has version ${String(version)}, expected 1; use the version of @nn/search that wrote it`);
    return value as StudyDescription;
  }

  #refuse(line: number, reason: string, options?: ErrorOptions): never {
    this.#refused = new JournalError(this.path, line, reason, options);
    throw this.#refused;
  }
}
