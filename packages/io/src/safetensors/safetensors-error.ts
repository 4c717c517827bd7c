import { CheckpointError } from "../checkpoint/checkpoint-error.js";

/** Bytes are not a safetensors file, or tensors cannot be written as one. The message names the file and, if known, the byte. */
export class SafetensorsError extends CheckpointError {
  override readonly name = "SafetensorsError";
}
