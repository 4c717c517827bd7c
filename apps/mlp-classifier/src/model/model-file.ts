import { readSafetensors } from "@nn/io";
import { findModel } from "../run/run-folder.js";
import { readBytes } from "../run/file.js";
import { requireChecksum, withChecksum } from "./checksum.js";
import { hasChecksum, metadataOf, modelFrom, type SavedModel } from "./saved-model.js";

/** The content of a model's file. */
export function encodeModel({ weights, ...rest }: SavedModel): Uint8Array {
  return withChecksum(weights, metadataOf(rest));
}

/**
 * Finds and reads a model: a `.safetensors` file, or the model in the folder of a run.
 * @throws Failure if there is none, this program did not write it, or its bytes have changed since; SafetensorsError if it is no safetensors file.
 */
export async function readModel(path: string): Promise<{ readonly file: string; readonly model: SavedModel }> {
  const file = await findModel(path);
  const bytes = await readBytes(file);
  const { tensors, metadata } = readSafetensors(bytes, { name: file });
  if (hasChecksum(file, metadata)) requireChecksum(file, bytes, metadata["checksum"]);
  return { file, model: modelFrom(file, tensors, metadata) };
}
