import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { ArgumentError } from "@nn/tensor";
import { didYouMean, quote, requireKind, requireOptions } from "@nn/tensor/extend";
import { FormatError, listed } from "../format-error.js";
import { cardConfigs, fits, type CardConfig } from "./dataset-card.js";
import { DatasetSplit } from "./dataset-split.js";
import { dataFile, requireAllParts, splitsByName } from "./split-files.js";

/** Options of {@link datasetFolder}. */
export interface DatasetFolderOptions {
  /** Which configuration of the front matter is meant. Default: `default`, or the only one. */
  readonly config?: string;
}

/** The splits of a folder, by their names. */
export interface DatasetFolder {
  readonly path: string;
  /** The names of the splits. */
  readonly names: readonly string[];
  /** The names of the configurations in the front matter of `README.md`. */
  readonly configs: readonly string[];
  /** The split with this name. @throws ArgumentError if there is none. */
  split(name: string): DatasetSplit;
}

/**
 * Opens a data set in a folder as Hugging Face lays it out: files of Parquet, CSV, JSON or JSON Lines, several for a split where they are large
 * (`data/train-00000-of-00002.parquet`). The front matter of `README.md` says which files a split has (`configs`, `data_files`); without it their names and folders do: `train`,
 * `validation`, `test`. Links count as what they lead to. Only the names of files are read here.
 *
 * @example
 * ```ts
 * import { datasetFolder } from "@nn/data/parquet";
 * const folder = await datasetFolder("packages/data/test/parquet/fixtures/folder");
 * folder.names; // => ["train", "test"]
 * const train = await folder.split("train").readTable();
 * [...train]; // => [{ x: 0, y: "a" }, { x: 1, y: "b" }, { x: 2, y: "a" }]
 * ```
 * @throws FileError if the folder cannot be read; FormatError if it has no such files, a part is missing, or the front matter is wrong.
 */
export async function datasetFolder(path: string, options: DatasetFolderOptions = {}): Promise<DatasetFolder> {
  const operation = "datasetFolder";
  requireKind(operation, "path", path, "string");
  requireOptions(operation, options, { config: "string" });
  const files = await filesIn(operation, path);
  const configs = await configsOf(operation, path);
  const config = chosen(operation, configs, options.config);
  const found = files.filter((file) => dataFile.test(file) && (config?.folder === undefined || file.startsWith(config.folder)));
  if (found.length === 0) throw new FormatError(path, "there is no file of Parquet, CSV, JSON or JSON Lines");
  const splits = config?.splits === undefined ? splitsByName(found, path) : splitsOfCard(config, found, path);
  for (const each of splits.values()) requireAllParts(each, path);
  const byName = new Map(Array.from(splits, ([name, own]) => [name, new DatasetSplit(name, own.map((file) => `${path}/${file}`))]));
  const names = [...byName.keys()];
  return {
    path, names, configs: configs.map(({ name }) => name),
    split: (name) => {
      const split = byName.get(name);
      if (split !== undefined) return split;
      requireKind("DatasetFolder.split", "name", name, "string");
      throw new ArgumentError(`DatasetFolder.split: there is no split ${quote(name)}; there are ${listed(names)}${didYouMean(name, names)}`);
    },
  };
}

/** The paths of the files of a folder, in the order of their names, without hidden ones. Links count as what they lead to: the cache of Hugging Face holds nothing else. */
async function filesIn(operation: string, path: string): Promise<string[]> {
  const { readdir, realpath, stat } = builtin(operation, "node:fs/promises");
  const failed = (place: string) => (cause: unknown): never => {
    throw new FileError(operation, "read", place, cause);
  };
  const files: string[] = [];
  const visit = async (folder: string, above: readonly string[]): Promise<void> => {
    const place = folder === "" ? path : `${path}/${folder}`;
    const real = await realpath(place).catch(failed(place));
    if (above.includes(real)) throw new FormatError(place, "the link leads to a folder that it lies in", {}, { fix: "remove it" });
    for (const entry of await readdir(place, { withFileTypes: true }).catch(failed(place))) {
      if (entry.name.startsWith(".")) continue;
      const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await stat(`${path}/${file}`).catch(failed(`${path}/${file}`)) : entry;
      if (kind.isDirectory()) await visit(file, [...above, real]);
      else if (kind.isFile()) files.push(file);
    }
  };
  await visit("", []);
  return files.toSorted();
}

async function configsOf(operation: string, path: string): Promise<CardConfig[]> {
  const { readFile } = builtin(operation, "node:fs/promises");
  const file = `${path}/README.md`;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new FileError(operation, "read", file, cause);
  });
  return cardConfigs(text, file);
}

function chosen(operation: string, configs: readonly CardConfig[], name: string | undefined): CardConfig | undefined {
  const names = configs.map((config) => config.name);
  const found = configs.find((config) => config.name === (name ?? "default")) ?? (name === undefined && configs.length === 1 ? configs[0] : undefined);
  if (found !== undefined || (configs.length === 0 && name === undefined)) return found;
  if (name === undefined) throw new ArgumentError(`${operation}: there are the configurations ${listed(names)}; choose one with config`);
  throw new ArgumentError(`${operation}: there is no configuration ${quote(name)}${names.length === 0 ? "; README.md names none" : `; there are ${listed(names)}${didYouMean(name, names)}`}`);
}

function splitsOfCard({ folder, splits }: CardConfig, files: readonly string[], source: string): Map<string, string[]> {
  return new Map((splits ?? []).map(({ split, patterns }) => {
    const paths = patterns.map((pattern) => `${folder ?? ""}${pattern}`);
    for (const path of paths) if (!files.some((file) => fits(file, path))) throw new FormatError(`${source}/README.md`, `no file fits ${quote(path)} of the split ${quote(split)}`, {}, { fix: "download the files, or correct the path" });
    return [split, files.filter((file) => paths.some((path) => fits(file, path)))];
  }));
}
