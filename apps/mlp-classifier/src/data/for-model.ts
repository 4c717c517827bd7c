import { basename } from "node:path";
import { stat } from "node:fs/promises";
import { FormatError, LabelEncoder, TableEncoder, type ColumnType, type Table } from "@nn/data";
import type { Tensor } from "@nn/tensor";
import { Failure, systemReason, UsageFailure } from "../failure.js";
import type { SavedModel } from "../model/saved-model.js";
import { isBuiltIn } from "./built-in.js";
import { columnNames, readTable } from "./csv.js";
import { readImageFolder, readImages } from "./idx.js";
import { loadData } from "./load.js";
import type { ImageForm, Part, TableForm } from "./part.js";
import { encodePart } from "./table.js";

/** The parts that a model can be evaluated on. */
export const partNames = ["test", "validation", "train", "all"] as const;

/** Which part of the data. */
export type PartName = (typeof partNames)[number];

/** Examples with their classes, and what they are called. */
export interface NamedPart {
  readonly name: string;
  readonly part: Part;
}

/**
 * A part of the data that a model was trained with, parted as in its run.
 * @throws Failure if the data cannot be read or are no longer the same.
 */
export async function partOfRun(model: SavedModel, which: PartName): Promise<NamedPart> {
  const data = await loadData(model.settings);
  if (JSON.stringify([data.input, data.classes]) !== JSON.stringify([model.input, model.classes])) {
    throw new Failure(`${model.settings.data} is no longer as it was when the model was trained; name the data to evaluate on with --data`);
  }
  const part = which === "all" ? data.train.concat(...(data.validation === undefined ? [] : [data.validation]), data.test) : data[which];
  if (part === undefined) throw new UsageFailure("--part validation: the run had no validation part");
  return { name: which === "all" ? `all of ${data.name}` : `${which} part of ${data.name}`, part };
}

/**
 * Other data for a model: a CSV file, all of it; a folder of IDX files or a built-in data set, of which `which` part.
 * @throws Failure, FileError, FormatError if they cannot be read or do not fit the model.
 */
export async function otherData(model: SavedModel, source: string, which: PartName | undefined): Promise<NamedPart> {
  const { input, classes } = model;
  if (isBuiltIn(source)) {
    const data = await loadData({ ...model.settings, data: source, target: null, ignore: null });
    if (data.input.kind !== input.kind || data.features !== model.architecture.features) throw doesNotFit(source, model);
    if (input.kind === "table") throw new UsageFailure(`--data ${source}: a model of tables is evaluated on a CSV file or its own data`);
    const part = data[which === "all" ? "test" : which ?? "test"] ?? data.test;
    return { name: `${which ?? "test"} part of ${source}`, part };
  }
  if (input.kind === "table") {
    if (which !== undefined && which !== "all") throw new UsageFailure(`--part ${which}: of a CSV file all rows are taken`);
    const encoder = TableEncoder.fromJSON(input.encoder);
    const table = await readFeatures(source, input, [input.target]);
    return { name: `all of ${basename(source)}`, part: located(source, () => encodePart(table, encoder, LabelEncoder.fromJSON(input.labels), input.target)) };
  }
  const { train, test, form, classes: found } = await readImageFolder(source);
  requireForm(source, form, input);
  if (found.length > classes.length) throw new Failure(`${source} has labels up to ${found.length - 1}, but the model knows ${classes.length} classes`);
  if (test === undefined) return { name: `all of ${basename(source)}`, part: train };
  const part = which === "all" ? train.concat(test) : which === "train" ? train : test;
  return { name: `${which ?? "test"} part of ${basename(source)}`, part };
}

/**
 * The features of examples without classes: the rows of a CSV file or the images of an IDX file.
 * @throws Failure, FileError, FormatError if they cannot be read or do not fit the model.
 */
export async function featuresFrom(path: string, { input }: SavedModel): Promise<Tensor> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  if (status.isDirectory()) throw new UsageFailure(`${path} is a folder; expected ${input.kind === "image" ? "an IDX file with images" : "a CSV file"}`);
  if (input.kind === "table") {
    const table = await readFeatures(path, input, []);
    return located(path, () => TableEncoder.fromJSON(input.encoder).transform(table));
  }
  const { features, form } = await readImages(path);
  requireForm(path, form, input);
  return features;
}

/** The columns of a CSV file that the model uses, and some more; all others are passed over. */
async function readFeatures(path: string, { encoder, missing }: TableForm, more: readonly string[]): Promise<Table> {
  const types: Readonly<Record<string, ColumnType>> = TableEncoder.fromJSON(encoder).columnTypes;
  const names = await columnNames(path);
  const needed = [...Object.keys(types), ...more];
  const absent = needed.filter((name) => !names.includes(name));
  if (absent.length > 0) {
    throw new Failure(`${path} lacks ${absent.length === 1 ? "the column" : "the columns"} ${absent.join(", ")}, which the model needs; it has ${names.join(", ")}`);
  }
  const passedOver = names.filter((name) => !needed.includes(name)).map((name) => [name, "skip"] as const);
  const columns: Readonly<Record<string, ColumnType>> = { ...types, ...Object.fromEntries(passedOver) };
  return readTable(path, { missing: missing === "drop" && more.length === 0 ? "error" : missing, columns });
}

function requireForm(path: string, found: ImageForm, { height, width }: ImageForm): void {
  if (found.height === height && found.width === width) return;
  throw new Failure(`${path} has images of ${found.height} x ${found.width}, the model was trained on ${height} x ${width}`);
}

function doesNotFit(source: string, { input, architecture }: SavedModel): Failure {
  const wanted = input.kind === "image" ? `images of ${input.height} x ${input.width}` : `a table with ${architecture.features} features`;
  return new Failure(`--data ${source} does not fit the model, which was trained on ${wanted}`);
}

/** Errors of an encoder know nothing of the file. */
function located<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof FormatError) throw new Failure(`${path}: ${cause.message.replace(/^\w+(\.\w+)?, /, "")}`, { cause });
    throw cause;
  }
}
