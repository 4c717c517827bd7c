import { escapeControls } from "@nn/tensor/extend";

/** A file is damaged, is not a checkpoint, or has content that cannot be read. The message names the file and, if known, the byte. */
export class CheckpointError extends Error {
  override readonly name: string = "CheckpointError";
  /** The name of the file, its address, or the name of the input. */
  readonly source: string;
  /** The position in the file, in bytes from 0 on. */
  readonly offset: number | undefined;

  constructor(source: string, message: string, offset?: number, options?: ErrorOptions) {
    super(`${escapeControls(source)}${offset === undefined ? "" : `, byte ${offset}`}: ${message}`, options);
    this.source = source;
    this.offset = offset;
  }
}
