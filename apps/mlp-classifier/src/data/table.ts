import { LabelEncoder, TableEncoder, TensorDataset, type Table } from "@nn/data";
import { Failure, UsageFailure } from "../failure.js";
import { listed } from "./column-warnings.js";
import { requireDataMemory } from "../model/memory.js";
import { grouped } from "../terminal/format.js";
import type { DataSettings } from "./data-settings.js";
import type { TableForm } from "./input-form.js";
import { foldsOf } from "./folds.js";
import type { LoadedData, Split } from "./loaded-data.js";
import { seedFor } from "./seeds.js";
import { holdOut } from "./split.js";

/** A target with more distinct values than this is refused as a quantity. */
const mostClasses = 1000;

/** The column of the classes, as numbers if it is numeric. */
function labelsOf(table: Table, target: string): ArrayLike<string | number | null> {
  const column = table.column(target);
  return column.values;
}

/** The rows of each split of a table. */
export interface RowSplit {
  readonly train: readonly number[];
  readonly validation: readonly number[] | undefined;
  readonly test: readonly number[];
}

/** Splits rows at random by the seed, each class in about the same fractions. @throws Failure if there are too few rows. */
function splitRows(labels: ArrayLike<number>, settings: DataSettings): RowSplit {
  const { train, heldOut: test } = holdOut(labels, settings.testSplit, seedFor(settings.seed, "test split"), "test");
  return { ...holdOutValidation(train, labels, settings), test };
}

/** The split of a table all of whose rows are for training and validation. */
function trainingRows(labels: ArrayLike<number>, settings: DataSettings): RowSplit {
  return { ...holdOutValidation(Array.from(labels, (_, row) => row), labels, settings), test: [] };
}

/**
 * Prepares a table for a network: splits it by the seed, and fits the encoder on the training rows. With a table of test rows, all rows
 * are for training and validation.
 * @throws UsageFailure if the target column does not hold classes; Failure if there are too few rows, or the test rows have other classes.
 */
export function splitTable(
  name: string, table: Table, { target, columns }: Pick<TableForm, "target" | "columns">, settings: DataSettings, testTable?: Table,
): LoadedData & { readonly input: TableForm } {
  const labels = LabelEncoder.fit(labelsOf(table, target));
  requireClasses(name, labels.classes.length, table, target);
  const y = labels.transform(labelsOf(table, target)).toTypedArray();
  const { train, validation, test } = testTable === undefined ? splitRows(y, settings) : trainingRows(y, settings);
  if (testTable !== undefined) requireKnownClasses(testTable, labels, target);
  const encoder = TableEncoder.fit(table.subset(train), {
    exclude: [target], missing: settings.missing === "mean" ? "mean" : "error", unseen: "zeros",
  });
  if (encoder.featureNames.length === 0) throw new UsageFailure(`${name} has no column besides ${target} to learn from`);
  const widths = encoder.toJSON().categorical.map(({ name: column, encoder: { categories } }) => ({ column, width: categories.length })).toSorted((a, b) => b.width - a.width);
  requireDataMemory(table.length, encoder.featureNames.length, `Ignore columns with many categories with --ignore: ${widths.slice(0, 3).map(({ column, width }) => `${column} (${grouped(width)})`).join(", ")}`);
  const input: TableForm = { kind: "table", target, columns, missing: settings.missing, encoder: encoder.toJSON(), labels: labels.toJSON() };
  const split = (indices: readonly number[]): Split => encodeRows(table.subset(indices), encoder, labels, target);
  const testRows = testTable ?? table.subset(test);
  const classes = labels.classes.map(String);
  const classCounts = classes.map(() => 0);
  for (const label of y) classCounts[label] = (classCounts[label] ?? 0) + 1;
  return {
    name,
    classes,
    features: encoder.featureNames.length,
    input,
    source: null,
    train: split(train),
    validation: validation === undefined ? undefined : split(validation),
    test: encodeRows(testRows, encoder, labels, target),
    testRows,
    folds: (count) => foldsOf([...train, ...(validation ?? [])], y, classes, count, seedFor(settings.seed, "test split"))
      .map((fold) => splitTable(name, table.subset(fold.train), { target, columns }, settings, table.subset(fold.test))),
    summary: { columns: [], missing: { rows: table.length, withoutClass: 0, dropped: 0, columns: [] }, warnings: rareWarnings(classes, classCounts), classCounts },
  };
}

/** Classes with fewer examples than this are hard to learn, and may be absent from a split. */
const fewExamples = 5;

function rareWarnings(classes: readonly string[], counts: readonly number[]): string[] {
  const rare = classes.filter((_, label) => (counts[label] ?? 0) < fewExamples);
  return rare.length === 0 ? [] : [`${rare.length === 1 ? "A class has" : `${rare.length} classes have`} fewer than ${fewExamples} examples: ${listed(rare, 6)}.`];
}

/** Rows as features and class indices. */
export function encodeRows(table: Table, encoder: TableEncoder, labels: LabelEncoder, target: string): Split {
  return new TensorDataset(encoder.transform(table), labels.transform(labelsOf(table, target)));
}

/** Holds out validation examples from the training examples. */
export function holdOutValidation(
  indices: readonly number[], labels: ArrayLike<number>, { validationSplit, seed }: Pick<DataSettings, "validationSplit" | "seed">,
): { readonly train: readonly number[]; readonly validation: readonly number[] | undefined } {
  if (validationSplit === 0) return { train: indices, validation: undefined };
  const own = indices.map((index) => labels[index] as number);
  const { train, heldOut } = holdOut(own, validationSplit, seedFor(seed, "validation split"), "validation");
  const outer = (index: number): number => indices[index] as number;
  return { train: train.map(outer), validation: heldOut.map(outer) };
}

/** @throws Failure if a test row has a class that no training row has. */
function requireKnownClasses(table: Table, labels: LabelEncoder, target: string): void {
  const known = new Set(labels.classes);
  const strange = [...new Set(Array.from(labelsOf(table, target)))].filter((value) => value !== null && !known.has(value)).map(String);
  if (strange.length > 0) throw new Failure(`the test data have classes that the training data do not have: ${listed(strange)}; the training has ${listed(labels.classes.map(String))}`);
}

function requireClasses(name: string, classes: number, table: Table, target: string): void {
  if (classes < 2) throw new Failure(`${name} has only one class in column ${JSON.stringify(target)}; a classifier needs at least two`);
  if (classes > mostClasses || (classes > 20 && classes > table.length / 2)) {
    throw new UsageFailure(`${name} has ${classes} different values in column ${JSON.stringify(target)}; expected a column with a few classes`);
  }
}
