import { TableEncoder } from "@nn/data";
import { zeros } from "@nn/tensor";
import type { SavedModel } from "../model/saved-model.js";
import { counted, grouped } from "../terminal/format.js";
import { cleanRows, inRows, missingWarnings } from "./clean.js";
import { imageSizeOf } from "./images/image-file.js";
import { readUnlabelledImages, type UnlabelledImages } from "./images/unlabelled.js";
import type { TableForm } from "./input-form.js";
import { modelFix, requireNeeded, unseenNotes } from "./other-file.js";
import { readRawTable, type RawTable, type ReadingListener } from "./raw-table.js";
import { typedTable } from "./typed-table.js";

/** Examples without classes, as features. */
export interface Unlabelled extends UnlabelledImages {
  /** The texts of the table, and the row of each example in it; undefined for images. */
  readonly table: { readonly raw: RawTable; readonly rows: readonly number[] } | undefined;
  /** Notes for the user. */
  readonly notes: readonly string[];
}

/**
 * Loads the features of examples without classes: the rows of a table (`-` for the standard input), or images.
 * @throws Failure, FileError, FormatError if they cannot be read or do not fit the model.
 */
export async function featuresFrom(path: string, model: SavedModel, listener?: ReadingListener): Promise<Unlabelled> {
  const { input, settings } = model;
  if (input.kind === "table") return tableFeatures(await readRawTable(path, settings, listener), model, input);
  return { ...(await readUnlabelledImages(path, input, imageSizeOf(settings.imageSize), listener)), table: undefined, notes: [] };
}

/** The features of the rows of a table. @throws Failure if they do not fit the model. */
export function tableFeatures(raw: RawTable, { settings }: SavedModel, form: TableForm): Unlabelled {
  const plans = form.columns.filter(({ name }) => name !== form.target);
  const whole = form.missing === "drop" && raw.form === "JSON" ? withColumns(raw, plans.map(({ name }) => name)) : raw;
  const reading = requireNeeded(whole, settings, plans);
  const { table, kept, missing } = cleanRows(whole, typedTable(whole, plans), plans, form.target, form.missing, { fix: modelFix, mayBeEmpty: form.missing === "drop" });
  const notes = form.missing === "drop" && missing.dropped > 0
    ? [`${counted(missing.dropped, "row")} of ${grouped(missing.rows)} ${missing.dropped === 1 ? "lacks a value and gets" : "lack a value and get"} no prediction: ${inRows(missing.columns)}.`]
    : missingWarnings(missing, form.missing, form.target);
  const encoder = TableEncoder.fromJSON(form.encoder);
  const features = kept.length === 0 ? zeros([0, encoder.featureNames.length]) : encoder.transform(table);
  return { features, files: undefined, table: { raw, rows: kept }, notes: [...reading, ...notes, ...unseenNotes(table, form)] };
}

/** Records with columns besides, which lack a value in every row: a record may leave out what it lacks. */
function withColumns(raw: RawTable, names: readonly string[]): RawTable {
  const absent = names.filter((name) => !raw.names.includes(name));
  return { ...raw, names: [...raw.names, ...absent], columns: [...raw.columns, ...absent.map(() => raw.lines.map(() => ""))] };
}
