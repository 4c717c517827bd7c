import { quote } from "@nn/tensor/extend";
import { FormatError, listed } from "../format-error.js";

/** The files that are read: their names end like this. */
export const dataFile = /\.(parquet|csv|tsv|json|jsonl|ndjson)(\.gz)?$/i;

/** Words in the names of files and folders that mean a split. */
const splitWords: readonly (readonly [split: string, words: readonly string[]])[] = [
  ["train", ["train", "training"]],
  ["validation", ["validation", "valid", "val", "dev"]],
  ["test", ["test", "testing", "eval", "evaluation"]],
];

/**
 * The files of each split by their names, as Hugging Face finds them: the name or a folder has the word `train`, `validation` or `test`, or one that means the same, between
 * marks. If no name has one, all files are `train`.
 * @throws FormatError if only some names have one.
 */
export function splitsByName(files: readonly string[], source: string): Map<string, string[]> {
  const splits = new Map<string, string[]>();
  const others: string[] = [];
  for (const file of files) {
    const split = splitOfName(file);
    if (split === undefined) others.push(file);
    else splits.set(split, [...(splits.get(split) ?? []), file]);
  }
  if (splits.size === 0) return new Map([["train", others]]);
  if (others.length === 0) return new Map(splitWords.flatMap(([split]) => (splits.has(split) ? [[split, splits.get(split) ?? []] as const] : [])));
  throw new FormatError(source, `${listed(others)} belong to no split, but others do`, {}, { fix: "put train, validation or test into the names, or list the files of each split in the front matter of README.md" });
}

function splitOfName(path: string): string | undefined {
  // The name of the file says more than those of folders around it.
  for (const part of path.replace(dataFile, "").split("/").toReversed()) {
    const words = new Set(part.toLowerCase().split(/[-_. ]+/));
    const found = splitWords.find(([, names]) => names.some((name) => words.has(name)));
    if (found !== undefined) return found[0];
  }
  return undefined;
}

/** Refuses a split of which a part is missing: `train-00001-of-00002.parquet` needs another file. */
export function requireAllParts(files: readonly string[], source: string): void {
  const parts = new Map<string, Set<number>>();
  for (const file of files) {
    const [, stem = "", number = "", total = "", end = ""] = /^(.*)-(\d{5})-of-(\d{5})(\..*)$/.exec(file) ?? [];
    if (total === "") continue;
    const key = `${stem}-#-of-${total}${end}`;
    parts.set(key, (parts.get(key) ?? new Set()).add(Number(number)));
  }
  for (const [key, found] of parts) {
    const total = Number(/-of-(\d{5})/.exec(key)?.[1]);
    for (let part = 0; part < total; part++) {
      if (!found.has(part)) throw new FormatError(source, `the part ${quote(key.replace("#", String(part).padStart(5, "0")))} is missing`, {}, { fix: "download it too" });
    }
  }
}
