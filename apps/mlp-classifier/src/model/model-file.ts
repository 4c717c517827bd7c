import { hasValidChecksum, readSafetensors, writeSafetensors } from "@nn/io";
import { damaged } from "../run/damage.js";
import { findModel } from "../run/run-folder.js";
import { readBytes } from "../run/file.js";
import { hasChecksum, metadataOf, modelFrom, type SavedModel } from "./saved-model.js";

/** The content of a model's file. */
export function encodeModel({ weights, ...rest }: SavedModel): Uint8Array {
  return writeSafetensors(weights, metadataOf(rest), { checksum: true });
}

/**
 * Finds and reads a model: a `.safetensors` file, or the model in the folder of a run.
 * @throws Failure if there is none, this program did not write it, or its bytes have changed since; SafetensorsError if it is no safetensors file.
 */
export async function readModel(path: string): Promise<{ readonly file: string; readonly model: SavedModel }> {
  const file = await findModel(path);
  const bytes = await readBytes(file);
  const { tensors, metadata } = readSafetensors(bytes, { name: file });
  if (hasChecksum(file, metadata) && !hasValidChecksum(bytes)) throw damaged(file, "its checksum is wrong; copy the file again, or train again");
  return { file, model: modelFrom(file, tensors, metadata) };
}
