import { escapeControls } from "@nn/tensor/extend";

/** A checkpoint is damaged, is none, or holds what cannot be read. The message names the file and, where known, the byte. */
export class CheckpointError extends Error {
  override readonly name: string = "CheckpointError";
  /** Name of the file, or what it was read from. */
  readonly source: string;
  /** Byte of the file, from 0 on. */
  readonly offset: number | undefined;

  constructor(source: string, message: string, offset?: number, options?: ErrorOptions) {
    super(`${escapeControls(source)}${offset === undefined ? "" : `, byte ${offset}`}: ${message}`, options);
    this.source = source;
    this.offset = offset;
  }
}
