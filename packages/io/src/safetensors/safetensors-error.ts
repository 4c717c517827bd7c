import { escapeControls } from "@nn/tensor/extend";

/** Bytes are not a safetensors file, or tensors cannot be written as one. The message names the file and, where known, the byte. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
  /** Name of the file, or "input". */
  readonly source: string;
  /** Byte of the file, from 0 on. */
  readonly offset: number | undefined;

  constructor(source: string, message: string, offset?: number, options?: ErrorOptions) {
    super(`${escapeControls(source)}${offset === undefined ? "" : `, byte ${offset}`}: ${message}`, options);
    this.source = source;
    this.offset = offset;
  }
}
