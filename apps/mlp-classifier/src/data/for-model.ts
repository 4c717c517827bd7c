import { stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { LabelEncoder, TableEncoder } from "@nn/data";
import { systemReason } from "@nn/files";
import { escapeControls } from "@nn/tensor/extend";
import { Failure, UsageFailure } from "../failure.js";
import type { SavedModel } from "../model/saved-model.js";
import { counted, grouped } from "../terminal/format.js";
import { isBuiltIn } from "./built-in-names.js";
import { cleanRows, missingWarnings } from "./clean.js";
import { listed } from "./column-warnings.js";
import { sameFingerprint } from "./fingerprint.js";
import { describeForm } from "./images/image-file.js";
import { folderName } from "./images/image-folder.js";
import { readFolder } from "./images/load-folder.js";
import { loadData } from "./load.js";
import type { ImageForm, TableForm } from "./input-form.js";
import type { Split } from "./loaded-data.js";
import { countedValues, modelFix, requireNeeded, unseenNotes } from "./other-file.js";
import { readRawTable, sourceName } from "./raw-table.js";
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
 * Loads other data for a model: all of a table, or the split `which` of a folder of images or a built-in data set.
 * @throws Failure, FileError, FormatError if they cannot be read or do not fit the model.
 */
export async function otherData(model: SavedModel, source: string, which: SplitName | undefined): Promise<NamedSplit> {
  const { input } = model;
  if (isBuiltIn(source)) {
    const data = await loadData({ ...model.settings, data: source, target: null, ignore: null, categorical: null, numeric: null, header: true, delimiter: null, comment: null, skipLines: 0, numbers: "auto", dates: "auto", missing: "error", imageSize: null, testData: null });
    if (data.input.kind !== input.kind || data.features !== model.architecture.features) throw doesNotFit(source, model);
    if (input.kind === "table") throw new UsageFailure(`--data ${source}: a model of tables is evaluated on a CSV, JSON or Parquet file or its own data`);
    const split = data[which === "all" ? "test" : which ?? "test"] ?? data.test;
    return { name: `${which ?? "test"} split of ${source}`, split, notes: [] };
  }
  if (input.kind === "table") {
    if (which !== undefined && which !== "all") throw new UsageFailure(`--split ${which} does not apply to --data ${source}, of which all rows are used; leave --split out, or leave --data out for a split of the data of the run`);
    return tableSplit(source, input, model);
  }
  const status = await stat(source).catch((cause: unknown) => {
    throw new Failure(`cannot read --data ${source}: ${systemReason(cause)}`, { cause });
  });
  if (!status.isDirectory()) throw new UsageFailure(`--data ${source} is a file, but the model takes ${describeForm(input)}: name a folder with a folder of images for each class, or of IDX files`);
  return imageSplit(source, input, model, which);
}

/** A split of a folder of images. */
async function imageSplit(source: string, form: ImageForm, { classes, settings }: SavedModel, which: SplitName | undefined): Promise<NamedSplit> {
  const { train, validation, test, classes: found } = await readFolder(source, settings, { fitted: { form, classes } });
  if (!isBuiltIn(settings.data) && found.some((name, label) => classes[label] !== name)) {
    throw new Failure(`${source} has the classes ${listed(found)}, the model has ${listed(classes)}`);
  }
  const splits = { train, validation, test };
  const wanted = which ?? "test";
  if (wanted === "all" || (validation === undefined && test === undefined)) {
    const others = [validation, test].filter((each) => each !== undefined);
    return { name: `all of ${folderName(source)}`, split: train.concat(...others), notes: [] };
  }
  const split = splits[wanted];
  if (split === undefined) throw new UsageFailure(`--split ${wanted}: ${source} has no such split`);
  return { name: `${wanted} split of ${folderName(source)}`, split, notes: [] };
}

/** The rows of a table whose class the model has. */
async function tableSplit(source: string, input: TableForm, model: SavedModel): Promise<NamedSplit> {
  const { target, columns, missing: policy } = input;
  const raw = await readRawTable(source, model.settings);
  const reading = requireNeeded(raw, model.settings, columns);
  const { table, missing } = cleanRows(raw, typedTable(raw, columns), columns, target, policy, { fix: modelFix });
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
  const trained = model.source !== null && sameFingerprint(raw.source, model.source);
  const notes = [
    ...(trained ? [`${escapeControls(sourceName(source))} has the content that the model was trained on, so that the result says little about new examples. For the test examples alone, leave --data out.`] : []),
    ...reading,
    ...missingWarnings(missing, policy, target),
    ...(strange.size === 0 ? [] : [`${counted(table.length - kept.length, "row")} of ${grouped(table.length)} ${table.length - kept.length === 1 ? "has a class that the model does not have and is" : "have classes that the model does not have and are"} dropped: ${countedValues(strange)}.`]),
    ...unseenNotes(used, input),
  ];
  return { name: `all of ${sourceName(source)}`, split: encodeRows(used, encoder, labels, target), notes };
}

function doesNotFit(source: string, { input, architecture }: SavedModel): Failure {
  const wanted = input.kind === "image" ? describeForm(input) : `a table with ${architecture.features} features`;
  return new Failure(`--data ${source} does not fit the model, which was trained on ${wanted}`);
}
