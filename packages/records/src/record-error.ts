import { escapeControls } from "@nn/tensor/extend";

/** A text or a message holds no valid record. The message names where it is from. */
export class RecordError extends Error {
  override readonly name = "RecordError";

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(`${escapeControls(source)}: ${escapeControls(message)}`, options);
  }
}
