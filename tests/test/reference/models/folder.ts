import { readdirSync, readFileSync } from "node:fs";
import { casesOfModel, isModelFile, type ModelCase } from "./file.js";

const folder = new URL("../../../reference/models/", import.meta.url);

/** The committed recordings of models. */
export function recordedModels(): readonly { readonly name: string; readonly cases: readonly ModelCase[] }[] {
  return readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "index.json").map((file) => {
    const content: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    if (!isModelFile(content)) throw new TypeError(`${file} is not the recording of a model`);
    return { name: content.name, cases: casesOfModel(content) };
  });
}
