import { readSafetensors, writeSafetensors } from "@nn/io";
import { findModel } from "../run/run-folder.js";
import { readBytes } from "../run/file.js";
import { metadataOf, modelFrom, type SavedModel } from "./saved-model.js";

/** The content of a model's file. */
export function encodeModel({ weights, ...rest }: SavedModel): Uint8Array {
  return writeSafetensors(weights, metadataOf(rest));
}

/**
 * Finds and reads a model: a `.safetensors` file, or the model in the folder of a run.
 * @throws Failure if there is none, or this program did not write it; SafetensorsError if it is damaged.
 */
export async function readModel(path: string): Promise<{ readonly file: string; readonly model: SavedModel }> {
  const file = await findModel(path);
  const { tensors, metadata } = readSafetensors(await readBytes(file), { name: file });
  return { file, model: modelFrom(file, tensors, metadata) };
}
