import { FileError, makeFolder, writeAtomically, type ProcessLock } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { encode, requireRecord } from "../encode.js";
import type { RecordSink } from "../recorder.js";
import type { RunRecord } from "../run-record.js";
import { AppendedFile } from "./appended-file.js";
import { header, recordFileName, recordsOf, wholeLines } from "./lines.js";
import { lockRecords } from "./record-lock.js";
import { Repeats } from "./repeats.js";

/** Options of {@link openRecordFile}. */
export interface RecordFileOptions {
  /**
   * The step of the checkpoint from which the run continues. Records after this step are removed, because the run makes them again. Records of the step itself that the run
   * makes again are not written twice.
   */
  readonly resumeFrom?: number;
}

/** The records of a run in `records.jsonl` of its folder: a JSON text on each line. While it is open, `records.lock` names the process that writes it. */
export interface RecordFile extends RecordSink {
  readonly path: string;
  /** Appends a record. After it returns, the record is not lost if the process is killed. @throws ArgumentError if the record is not valid. @throws FileError if it cannot be written. */
  write(record: RunRecord): void;
  /** Returns when everything is on the disk. @throws FileError */
  close(): void;
}

const kinds: OptionKinds<RecordFileOptions> = { resumeFrom: "size" };

/**
 * Opens the file of a run's records for writing, and creates the folder if necessary. A line that a killed process left incomplete is removed.
 * @throws FileError if the folder already holds the records of a run and `resumeFrom` is not given, if another process of this machine writes them, or if the file cannot
 * be written.
 * @throws RecordError if the file holds anything but records.
 *
 * @example
 * ```ts
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { Recorder } from "@nn/records";
 * import { openRecordFile, readRecordFile } from "@nn/records/node";
 *
 * const folder = await mkdtemp(join(tmpdir(), "run-"));
 * const recorder = new Recorder([await openRecordFile(folder)]);
 * for (const step of [100, 200, 300]) recorder.scalars(step, { "training.loss": 1 / step });
 * recorder.close();
 *
 * // The run was killed, and continues from its checkpoint of step 200.
 * const resumed = new Recorder([await openRecordFile(folder, { resumeFrom: 200 })]);
 * resumed.close();
 * (await readRecordFile(folder)).map(({ step }) => step); // => [100, 200]
 * await rm(folder, { recursive: true });
 * ```
 */
export async function openRecordFile(folder: string, options: RecordFileOptions = {}): Promise<RecordFile> {
  requireKind("openRecordFile", "the folder", folder, "string");
  requireOptions("openRecordFile", options, kinds);
  const path = builtin("openRecordFile", "node:path").join(folder, recordFileName);
  await makeFolder("openRecordFile", folder);
  const lock = await lockRecords("openRecordFile", folder);
  try {
    const present = await contentOf(path);
    // A process may have been killed before it wrote the first line.
    const isEmpty = present !== undefined && header.startsWith(present.toString());
    const records = present === undefined || isEmpty ? [] : readable(path, present, options.resumeFrom);
    if (isEmpty) await writeAtomically("openRecordFile", path, `${header}\n`);
    else if (present !== undefined) await keep(path, present, records, options.resumeFrom ?? 0);
    return new JsonLinesFile(lock, path, present === undefined, new Repeats(options.resumeFrom ?? 0, records));
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await builtin("openRecordFile", "node:fs/promises").readFile(path);
  } catch (cause) {
    const error = new FileError("openRecordFile", "read", path, cause);
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The records of a file that may be continued. */
function readable(path: string, content: Uint8Array, resumeFrom: number | undefined): readonly RunRecord[] {
  const { lines } = wholeLines(content);
  // Without a whole line it is another file: the beginning of a header has been dealt with.
  const records = recordsOf(lines.length === 0 ? [new TextDecoder().decode(content)] : lines, path, 1);
  if (resumeFrom === undefined && records.length > 0) {
    throw new FileError("openRecordFile", "write", path, new Error("it holds the records of a run already; use another folder, or continue that run from its checkpoint (here with resumeFrom: the step of the checkpoint)"));
  }
  return records;
}

/** Rewrites the file without the records after a step, and without an incomplete line. */
async function keep(path: string, content: Uint8Array, records: readonly RunRecord[], step: number): Promise<void> {
  const { lines, length } = wholeLines(content);
  const kept = lines.slice(1).filter((_, at) => (records[at]?.step ?? 0) <= step);
  if (kept.length < records.length || length < content.length) await writeAtomically("openRecordFile", path, `${[header, ...kept].join("\n")}\n`);
}

class JsonLinesFile implements RecordFile {
  readonly #file: AppendedFile;
  readonly #lock: ProcessLock;
  readonly #repeats: Repeats;
  readonly #encoder = new TextEncoder();

  constructor(lock: ProcessLock, path: string, isNew: boolean, repeats: Repeats) {
    this.#lock = lock;
    this.#repeats = repeats;
    this.#file = new AppendedFile("openRecordFile", path, isNew ? "make" : "open");
    if (isNew) this.#file.append(this.#encoder.encode(`${header}\n`));
  }

  get path(): string {
    return this.#file.path;
  }

  write(record: RunRecord): void {
    const fresh = this.#repeats.fresh(requireRecord("RecordFile.write", record));
    if (fresh !== undefined) this.#file.append(this.#encoder.encode(`${encode(fresh)}\n`));
  }

  close(): void {
    try {
      this.#file.close();
    } finally {
      this.#lock.release();
    }
  }
}
