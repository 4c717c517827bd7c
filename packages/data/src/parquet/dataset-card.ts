import { isPlainObject, quote } from "@nn/tensor/extend";
import { parse } from "yaml";
import { FormatError } from "../format-error.js";
import { firstRepeated } from "../readers/distinct.js";

/** The files of a split, as the front matter of `README.md` names them. */
export interface CardSplit {
  readonly split: string;
  /** Paths with `*`, `**` and `?`. */
  readonly patterns: readonly string[];
}

/** A configuration of a data set: a choice among its files. */
export interface CardConfig {
  readonly name: string;
  /** What the paths of its files begin with: a folder and a slash, or nothing for the folder of the card. Undefined if it names none. */
  readonly folder: string | undefined;
  readonly splits: readonly CardSplit[] | undefined;
}

/**
 * The configurations of the front matter of a `README.md`: the YAML between two lines `---` at its beginning.
 * @throws FormatError if it is not YAML, or a configuration is not as Hugging Face describes it.
 */
export function cardConfigs(text: string, source: string): CardConfig[] {
  const matter = /^\uFEFF?---\r?\n([^]*?)\r?\n---\s*(\r?\n|$)/.exec(text)?.[1];
  if (matter === undefined) return [];
  let card: unknown;
  try {
    card = parse(matter, { maxAliasCount: 100 });
  } catch (cause) {
    throw new FormatError(source, "the front matter is not YAML", {}, { cause, fix: cause instanceof Error ? cause.message : "it lies between two lines ---" });
  }
  const configs = isPlainObject(card) ? card["configs"] : undefined;
  if (configs === undefined || configs === null) return [];
  if (!Array.isArray(configs)) throw new FormatError(source, "configs is not a list");
  const all = configs.map((config: unknown, at) => configOf(config, `configs[${at}]`, source));
  const twice = firstRepeated(all.map(({ name }) => name));
  if (twice !== undefined) throw new FormatError(source, `there are two configurations ${quote(twice)}`, {}, { fix: "give each a config_name of its own" });
  return all;
}

function configOf(config: unknown, where: string, source: string): CardConfig {
  if (!isPlainObject(config)) throw new FormatError(source, `${where} is not a mapping`, {}, { fix: 'write each as "- config_name: default" with data_files' });
  const { config_name: name = "default", data_dir: folder, data_files: files } = config;
  if (typeof name !== "string") throw new FormatError(source, `${where}.config_name is not a text`);
  return { name, folder: folder === undefined ? undefined : folderOf(folder, `${where}.data_dir`, source), splits: files === undefined ? undefined : splitsOf(files, `${where}.data_files`, source) };
}

function splitsOf(files: unknown, where: string, source: string): CardSplit[] {
  if (typeof files === "string") return [{ split: "train", patterns: pathsOf(files, where, source) }];
  if (isPlainObject(files)) return Object.entries(files).map(([split, paths]) => ({ split, patterns: pathsOf(paths, `${where}.${split}`, source) }));
  if (!Array.isArray(files)) throw new FormatError(source, `${where} is neither a path nor a list`);
  if (files.every((file) => typeof file === "string")) return [{ split: "train", patterns: pathsOf(files, where, source) }];
  const splits = files.map((file: unknown, at) => {
    if (!isPlainObject(file) || typeof file["split"] !== "string") throw new FormatError(source, `${where}[${at}] has no split`, {}, { fix: 'write each as "- split: train" with a path' });
    return { split: file["split"], patterns: pathsOf(file["path"], `${where}[${at}].path`, source) };
  });
  const twice = firstRepeated(splits.map(({ split }) => split));
  if (twice !== undefined) throw new FormatError(source, `${where} has the split ${quote(twice)} twice`, {}, { fix: "write one entry for it, with a list of paths" });
  return splits;
}

function folderOf(folder: unknown, where: string, source: string): string {
  if (typeof folder !== "string") throw new FormatError(source, `${where} is not a text`);
  const [path = ""] = pathsOf(folder, where, source);
  return path === "" || path === "." ? "" : path.replace(/\/*$/, "/");
}

function pathsOf(paths: unknown, where: string, source: string): string[] {
  const list: readonly unknown[] = Array.isArray(paths) ? paths : [paths];
  if (list.length === 0) throw new FormatError(source, `${where} is an empty list, expected paths`);
  return list.map((path) => {
    if (typeof path !== "string") throw new FormatError(source, `${where} is not a path`);
    if (/^([a-z]+:|[/\\])|(^|[/\\])\.\.([/\\]|$)/i.test(path)) throw new FormatError(source, `${where} is ${quote(path)}, which lies outside of the folder`, {}, { fix: "download these files into the folder" });
    return path.replace(/^\.\//, "");
  });
}

/** Whether a path fits a pattern: `*` is any text within a name, `**` any folders, `?` a character. */
export function fits(path: string, pattern: string): boolean {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (mark) => {
    if (mark === "**/") return "(?:.*/)?";
    return mark === "**" ? ".*" : mark === "*" ? "[^/]*" : mark === "?" ? "[^/]" : `\\${mark}`;
  });
  return new RegExp(`^${source}$`).test(path);
}
