import { builtin } from "@nn/files/builtin";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireRecord } from "../encode.js";
import { AppendedFile } from "../file/appended-file.js";
import type { RecordSink } from "../recorder.js";
import type { RunRecord } from "../run-record.js";
import { restartEvent, summaryEvent, versionEvent } from "./event.js";
import { frame } from "./frame.js";

/** Options of {@link TensorBoardFile}. */
export interface TensorBoardFileOptions {
  /** The step of the checkpoint from which the run continues: TensorBoard ignores later records in other files of the folder. */
  readonly resumeFrom?: number;
}

const kinds: OptionKinds<TensorBoardFileOptions> = { resumeFrom: "size" };

/**
 * Writes scalars, histograms and images into a new event file of TensorBoard in a run's folder; `tensorboard --logdir RUNS` shows it. Other records are not
 * written. Dots in names become slashes (`training.loss` is the tag `training/loss`), and scalars are rounded to float32, as TensorBoard holds them.
 */
export class TensorBoardFile implements RecordSink {
  readonly #file: AppendedFile;

  /** @throws FileError if the folder cannot be made, or the file not be written. */
  constructor(folder: string, options: TensorBoardFileOptions = {}) {
    requireKind("TensorBoardFile", "the folder", folder, "string");
    requireOptions("TensorBoardFile", options, kinds);
    const time = Date.now();
    this.#file = new AppendedFile("TensorBoardFile", builtin("TensorBoardFile", "node:path").join(folder, nameAt(time)), "make");
    this.#file.append(frame(versionEvent(time)));
    if (options.resumeFrom !== undefined) this.#file.append(frame(restartEvent(options.resumeFrom + 1, time)));
  }

  /** @throws ArgumentError if the record is not valid. @throws FileError if it cannot be written. */
  write(record: RunRecord): void {
    const event = summaryEvent(requireRecord("TensorBoardFile.write", record));
    if (event !== undefined) this.#file.append(frame(event));
  }

  close(): void {
    this.#file.close();
  }
}

/** TensorBoard reads the files of a folder in the order of their names, and takes a file whose name contains `tfevents`. */
function nameAt(time: number): string {
  const host = builtin("TensorBoardFile", "node:os").hostname().replace(/[^\w.-]/g, "-");
  const seconds = String(Math.floor(time / 1000)).padStart(10, "0");
  const random = builtin("TensorBoardFile", "node:crypto").randomBytes(4).toString("hex");
  return `events.out.tfevents.${seconds}.${host}.${builtin("TensorBoardFile", "node:process").pid}.${random}`;
}
