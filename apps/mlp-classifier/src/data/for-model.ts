import { basename } from "node:path";
import { stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { LabelEncoder, parseDate, parseNumber, TableEncoder, type Table } from "@nn/data";
import type { Tensor } from "@nn/tensor";
import { systemReason } from "@nn/files";
import { Failure, UsageFailure } from "../failure.js";
import type { SavedModel } from "../model/saved-model.js";
import { counted, grouped } from "../terminal/format.js";
import { escapeControls } from "@nn/tensor/extend";
import { shorten } from "../terminal/style.js";
import { isBuiltIn } from "./built-in.js";
import { cleanRows, describeColumns, missingWarnings } from "./clean.js";
import { isMissing, plansFor, type ColumnPlan } from "./column-plan.js";
import { listed } from "./column-warnings.js";
import { sameFingerprint } from "./fingerprint.js";
import { readImageFolder, readImages } from "./idx.js";
import { loadData } from "./load.js";
import type { ImageForm, TableForm } from "./input-form.js";
import type { Split } from "./loaded-data.js";
import { readRawTable, sourceName, type RawTable, type ReadingListener } from "./raw-table.js";
import { encodeRows } from "./table.js";
import { typedTable } from "./typed-table.js";

/** The splits that a model can be evaluated on. */
export const splitNames = ["test", "validation", "train", "all"] as const;

/** The name of a split of the data. */
export type SplitName = (typeof splitNames)[number];

/** Examples with their classes, and a name for them. */
export interface NamedSplit {
  readonly name: string;
  readonly split: Split;
  /** Notes for the user. */
  readonly notes: readonly string[];
}

/**
 * Loads a split of the data that a model was trained on, with the split of its run.
 * @throws Failure if the data cannot be read or have changed.
 */
export async function splitOfRun(model: SavedModel, which: SplitName): Promise<NamedSplit> {
  const data = await loadData(model.settings);
  const changed = data.source !== null && model.source !== null && !sameFingerprint(data.source, model.source);
  if (changed || !isDeepStrictEqual([JSON.parse(JSON.stringify(data.input)), data.classes], [model.input, model.classes])) {
    throw new Failure(`${model.settings.data} has changed since the model was trained; name the data to evaluate on with --data`);
  }
  const split = which === "all" ? data.train.concat(...(data.validation === undefined ? [] : [data.validation]), data.test) : data[which];
  if (split === undefined) throw new UsageFailure("--split validation: the run had no validation split");
  return { name: which === "all" ? `all of ${data.name}` : `${which} split of ${data.name}`, split, notes: [] };
}

/**
 * Loads other data for a model: all of a CSV file, or the split `which` of a folder of IDX files or a built-in data set.
 * @throws Failure, FileError, FormatError if they cannot be read or do not fit the model.
 */
export async function otherData(model: SavedModel, source: string, which: SplitName | undefined): Promise<NamedSplit> {
  const { input, classes } = model;
  if (isBuiltIn(source)) {
    const data = await loadData({ ...model.settings, data: source, target: null, ignore: null, categorical: null, numeric: null, header: true, delimiter: null, comment: null, skipLines: 0, numbers: "auto", missing: "error" });
    if (data.input.kind !== input.kind || data.features !== model.architecture.features) throw doesNotFit(source, model);
    if (input.kind === "table") throw new UsageFailure(`--data ${source}: a model of tables is evaluated on a CSV file or its own data`);
    const split = data[which === "all" ? "test" : which ?? "test"] ?? data.test;
    return { name: `${which ?? "test"} split of ${source}`, split, notes: [] };
  }
  if (input.kind === "table") {
    if (which !== undefined && which !== "all") throw new UsageFailure(`--split ${which}: all rows of a CSV file are used`);
    return tableSplit(source, input, model);
  }
  const { train, test, form, classes: found } = await readImageFolder(source);
  requireForm(source, form, input);
  if (found.length > classes.length) throw new Failure(`${source} has labels up to ${found.length - 1}, but the model has ${classes.length} classes`);
  if (test === undefined) return { name: `all of ${basename(source)}`, split: train, notes: [] };
  const split = which === "all" ? train.concat(test) : which === "train" ? train : test;
  return { name: `${which ?? "test"} split of ${basename(source)}`, split, notes: [] };
}

/** The rows of a CSV file whose class the model has. */
async function tableSplit(source: string, input: TableForm, model: SavedModel): Promise<NamedSplit> {
  const { target, columns, missing: policy } = input;
  const { raw, plans, notes: skipped } = await readForModel(source, model, columns);
  const { table, missing } = cleanRows(raw, typedTable(raw, plans), plans, target, policy, modelFix);
  const labels = LabelEncoder.fromJSON(input.labels);
  const known = new Set(labels.classes);
  const truth = table.column(target).values;
  const strange = new Map<string, number>();
  const kept: number[] = [];
  for (let row = 0; row < table.length; row++) {
    const value = truth[row] ?? "";
    if (known.has(value)) kept.push(row);
    else strange.set(String(value), (strange.get(String(value)) ?? 0) + 1);
  }
  if (kept.length === 0) throw new Failure(`${source} has no row with a class of the model: column ${JSON.stringify(target)} has ${listed([...strange.keys()])}, the model has ${listed(labels.classes.map(String))}`);
  const used = table.subset(kept);
  const encoder = TableEncoder.fromJSON(input.encoder);
  const notes = [
    ...skipped,
    ...missingWarnings(missing, policy, target),
    ...(strange.size === 0 ? [] : [`${counted(table.length - kept.length, "row")} of ${grouped(table.length)} ${table.length - kept.length === 1 ? "has a class that the model does not have and is" : "have classes that the model does not have and are"} dropped: ${countedValues(strange)}.`]),
    ...unseenNotes(used, input),
  ];
  return { name: `all of ${sourceName(source)}`, split: encodeRows(used, encoder, labels, target), notes };
}

/** The fix for a missing value that a trained model needs. */
const modelFix = "fill them in, or train the model with --missing mean or drop";

/** Reads the required columns of a CSV file; returns them with the plans for reading them. */
async function readForModel(path: string, { settings }: SavedModel, needed: readonly ColumnPlan[], listener?: ReadingListener): Promise<{ readonly raw: RawTable; readonly plans: readonly ColumnPlan[]; readonly notes: readonly string[] }> {
  const raw = await readRawTable(path, settings, listener);
  const absent = needed.map(({ name }) => name).filter((name) => !raw.names.includes(name));
  if (absent.length > 0) {
    throw new Failure(`${path} lacks ${absent.length === 1 ? "the column" : "the columns"} ${listed(absent)}, that the model needs; it has ${listed(raw.names)}`);
  }
  const plans = plansFor(raw, needed, settings.numbers);
  for (const plan of plans) requireReadable(raw, plan);
  const notes = settings.skipLines === 0 ? [] : [`The first ${settings.skipLines === 1 ? "line" : counted(settings.skipLines, "line")} of ${escapeControls(sourceName(path))} ${settings.skipLines === 1 ? "is" : "are"} skipped, as in the training.`];
  return { raw, plans, notes };
}

/** @throws Failure if a value is of another kind than in training, since it would count as missing. */
function requireReadable(raw: RawTable, plan: ColumnPlan): void {
  if (plan.kind === "category") return;
  const values = raw.columns[raw.names.indexOf(plan.name)] ?? [];
  const isReadable = (text: string): boolean => {
    if (plan.kind === "number") return Number.isFinite(Math.fround(parseNumber(text, plan.style)));
    const date = parseDate(text, plan.format);
    return date !== undefined && plan.parts.every((part) => date[part] !== undefined);
  };
  const wrong = values.findIndex((text) => !isMissing(text) && !isReadable(text));
  if (wrong < 0) return;
  const expected = plan.kind === "number" ? "a number" : plan.parts.includes("hour") ? "a date with a time" : "a date";
  throw new Failure(`${raw.path}, line ${raw.lines[wrong] ?? "?"}, column ${JSON.stringify(plan.name)}: found ${JSON.stringify(values[wrong])}, expected ${expected} as in the training; correct it, or leave it empty`);
}

/** Examples without classes, as features. */
export interface Unlabelled {
  readonly features: Tensor;
  /** The texts of the file, and the row of each example in the file; undefined for images. */
  readonly table: { readonly raw: RawTable; readonly rows: readonly number[] } | undefined;
  /** Notes for the user. */
  readonly notes: readonly string[];
}

/**
 * Loads the features of examples without classes: the rows of a CSV file (`-` for the standard input), or the images of an IDX file.
 * @throws Failure, FileError, FormatError if they cannot be read or do not fit the model.
 */
export async function featuresFrom(path: string, model: SavedModel, listener?: ReadingListener): Promise<Unlabelled> {
  const { input } = model;
  if (input.kind === "image") {
    await requireFile(path);
    const { features, form } = await readImages(path);
    requireForm(path, form, input);
    return { features, table: undefined, notes: [] };
  }
  const { raw, plans, notes: skipped } = await readForModel(path, model, input.columns.filter(({ name }) => name !== input.target), listener);
  const typed = typedTable(raw, plans);
  const { table, kept, missing } = cleanRows(raw, typed, plans, input.target, input.missing, modelFix);
  const notes = input.missing === "drop" && missing.dropped > 0
    ? [`${counted(missing.dropped, "row")} of ${grouped(missing.rows)} ${missing.dropped === 1 ? "lacks a value and gets" : "lack a value and get"} no prediction: ${describeColumns(missing.columns)} rows.`]
    : missingWarnings(missing, input.missing, input.target);
  return { features: TableEncoder.fromJSON(input.encoder).transform(table), table: { raw, rows: kept }, notes: [...skipped, ...notes, ...unseenNotes(table, input)] };
}

async function requireFile(path: string): Promise<void> {
  if (path === "-") throw new UsageFailure("the model takes images: name an IDX file, in place of -");
  const status = await stat(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  if (status.isDirectory()) throw new UsageFailure(`${path} is a folder; expected an IDX file with images`);
}

/** Notes on categories that did not occur in training; their features are all zeros. */
function unseenNotes(table: Table, { encoder }: TableForm): string[] {
  const unseen = TableEncoder.fromJSON(encoder).unseen(table);
  return encoder.categorical.flatMap(({ name }) => {
    const counts = new Map(unseen.flatMap(({ column, value, count }) => (column === name && value !== null ? [[value, count] as const] : [])));
    const rows = [...counts.values()].reduce((a, b) => a + b, 0);
    return rows === 0 ? [] : [`${counted(rows, "row")} of ${grouped(table.length)} ${rows === 1 ? "has a value" : "have values"} of ${JSON.stringify(escapeControls(name))} that the training did not have, which ${rows === 1 ? "counts" : "count"} as none of the known ones: ${countedValues(counts)}.`];
  });
}

/** `teal 4, pink 1`, the most frequent first. */
function countedValues(counts: ReadonlyMap<string, number>, most = 5): string {
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, most).map(([value, count]) => `${escapeControls(shorten(value, 30))} ${grouped(count)}`).join(", ");
  return sorted.length > most ? `${shown} and ${grouped(sorted.length - most)} more values` : shown;
}

function requireForm(path: string, found: ImageForm, { height, width }: ImageForm): void {
  if (found.height === height && found.width === width) return;
  throw new Failure(`${path} has images of ${found.height} x ${found.width}, the model was trained on ${height} x ${width}`);
}

function doesNotFit(source: string, { input, architecture }: SavedModel): Failure {
  const wanted = input.kind === "image" ? `images of ${input.height} x ${input.width}` : `a table with ${architecture.features} features`;
  return new Failure(`--data ${source} does not fit the model, which was trained on ${wanted}`);
}
