import { escapeControls } from "@nn/tensor/extend";

/** A text or a message holds no valid record. The error names the source. */
export class RecordError extends Error {
  override readonly name = "RecordError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(`${escapeControls(source)}: ${escapeControls(message)}`, options);
  }
}
