import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Case } from "../test/reference/format.js";
import { casesOfModel, isModelFile, type ModelCase } from "../test/reference/models/file.js";
import { casesOfOnnxFiles, isOnnxIndex, type OnnxFileCase } from "../test/reference/onnx-files.js";
import { casesOfStoredFiles, isStoredIndex, type StoredFileCase } from "../test/reference/stored-files.js";

/** The contents of the files of a folder, and the problems of those that cannot be read. */
export interface Folder {
  readonly cases: ReadonlyMap<string, readonly Case[]>;
  /** The cases of recorded models. */
  readonly models: readonly ModelCase[];
  /** The cases of ONNX files. */
  readonly onnxFiles: readonly OnnxFileCase[];
  /** The cases of files of PyTorch and NumPy. */
  readonly storedFiles: readonly StoredFileCase[];
  readonly problems: readonly string[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

const isCase = (value: unknown): value is Case =>
  isRecord(value) && typeof value["id"] === "string" && typeof value["target"] === "string" && isRecord(value["args"]);

/** The files that an index of recorded models, of ONNX files, or of files of PyTorch and NumPy lists. */
const filesIn = (content: unknown): readonly string[] | undefined =>
  isOnnxIndex(content) || isStoredIndex(content) || (Array.isArray(content) && content.length > 0 && content.every((each) => isRecord(each) && typeof each["file"] === "string" && isRecord(each["sections"])))
    ? content.map(({ file }: { readonly file: string }) => file)
    : undefined;

function casesIn(content: unknown): { readonly category: string; readonly cases: readonly Case[] } {
  if (!isRecord(content)) throw new TypeError("expected an object with `category` and `cases`, or with the `name` of a model and sections");
  const { category, cases } = content;
  if (typeof category !== "string") throw new TypeError("has no `category`");
  if (!Array.isArray(cases)) throw new TypeError("has no list of `cases`");
  const malformed = cases.findIndex((one) => !isCase(one));
  if (malformed !== -1) throw new TypeError(`case ${malformed} lacks an \`id\`, a \`target\` or \`args\``);
  return { category, cases: cases.filter(isCase) };
}

/** The folders in which recordings lie, beside the folder itself. */
const inside = ["models", ...["onnx", "torch-files", "npz"].flatMap((name) => [name, join("models", name)])];

/** The JSON files of a folder, and of the folders in it that hold recordings. */
function jsonFilesIn(folder: string): readonly string[] {
  const others = inside.filter((name) => existsSync(join(folder, name))).flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)));
  return [...readdirSync(folder), ...others].filter((name) => name.endsWith(".json")).toSorted();
}

/** Reads all JSON files of a folder and of those in it: cases of a category, of which files are merged, recorded models, and indices of models, of ONNX files, and of files of PyTorch and NumPy. */
export function readFolder(folder: string): Folder {
  const cases = new Map<string, readonly Case[]>();
  const models: ModelCase[] = [];
  const onnxFiles: OnnxFileCase[] = [];
  const storedFiles: StoredFileCase[] = [];
  const problems: string[] = [];
  for (const file of jsonFilesIn(folder)) {
    try {
      const content: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const listed = filesIn(content);
      problems.push(...(listed ?? []).filter((name) => !existsSync(join(folder, dirname(file), name))).map((name) => `${file}: lists ${name}, which is not there`));
      if (isOnnxIndex(content)) onnxFiles.push(...casesOfOnnxFiles(join(folder, dirname(file)), content));
      if (isStoredIndex(content)) storedFiles.push(...casesOfStoredFiles(join(folder, dirname(file)), content));
      if (isModelFile(content)) models.push(...casesOfModel(content));
      if (isModelFile(content) || listed !== undefined) continue;
      const { category, cases: found } = casesIn(content);
      cases.set(category, [...(cases.get(category) ?? []), ...found]);
    } catch (error) {
      problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (cases.size + models.length + onnxFiles.length + storedFiles.length + problems.length === 0) problems.push(`${folder} has no JSON files`);
  return { cases, models, onnxFiles, storedFiles, problems };
}
