import { LabelEncoder, TableEncoder, TensorDataset, type Table } from "@nn/data";
import { Failure, UsageFailure } from "../failure.js";
import type { DataSettings } from "./load.js";
import type { LoadedData, Part, TableForm } from "./part.js";
import { seedFor } from "./seeds.js";
import { keepAside } from "./split.js";

/** A target with more different values than this is taken for a quantity, not a class. */
const mostClasses = 1000;

/** The column of the classes, as numbers where it has numbers. */
function labelsOf(table: Table, target: string): ArrayLike<string | number | null> {
  const column = table.column(target);
  return column.values;
}

/**
 * A table as data for a network: parted by the seed, its encoder fitted on the training part.
 * @throws UsageFailure if the target is not a column with classes, Failure if there are too few rows.
 */
export function partTable(name: string, table: Table, target: string, settings: DataSettings): LoadedData {
  const labels = LabelEncoder.fit(labelsOf(table, target));
  requireClasses(name, labels.classes.length, table, target);
  const y = labels.transform(labelsOf(table, target)).toTypedArray();
  const { rest, kept: test } = keepAside(y, settings.testSplit, seedFor(settings.seed, "test split"), "test");
  const { train, validation } = keepValidation(rest, y, settings);
  const encoder = TableEncoder.fit(table.subset(train), {
    exclude: [target], missing: settings.missing === "mean" ? "mean" : "error", unseen: "zeros",
  });
  if (encoder.featureNames.length === 0) throw new UsageFailure(`${name} has no column beside ${target} to learn from`);
  const input: TableForm = { kind: "table", target, missing: settings.missing, encoder: encoder.toJSON(), labels: labels.toJSON() };
  const part = (indices: readonly number[]): Part => encodePart(table.subset(indices), encoder, labels, target);
  return {
    name,
    classes: labels.classes.map(String),
    features: encoder.featureNames.length,
    input,
    train: part(train),
    validation: validation === undefined ? undefined : part(validation),
    test: part(test),
    testRows: table.subset(test),
  };
}

/** Rows as features and class indices. */
export function encodePart(table: Table, encoder: TableEncoder, labels: LabelEncoder, target: string): Part {
  return new TensorDataset(encoder.transform(table), labels.transform(labelsOf(table, target)));
}

/** Parts the training part once more. */
export function keepValidation(
  indices: readonly number[], labels: ArrayLike<number>, { validationSplit, seed }: Pick<DataSettings, "validationSplit" | "seed">,
): { readonly train: readonly number[]; readonly validation: readonly number[] | undefined } {
  if (validationSplit === 0) return { train: indices, validation: undefined };
  const own = indices.map((index) => labels[index] as number);
  const { rest, kept } = keepAside(own, validationSplit, seedFor(seed, "validation split"), "validation");
  const outer = (index: number): number => indices[index] as number;
  return { train: rest.map(outer), validation: kept.map(outer) };
}

function requireClasses(name: string, classes: number, table: Table, target: string): void {
  if (classes < 2) throw new Failure(`${name} has only one class in column ${JSON.stringify(target)}; there is nothing to tell apart`);
  if (classes > mostClasses || (classes > 20 && classes > table.length / 2)) {
    throw new UsageFailure(`${name} has ${classes} different values in column ${JSON.stringify(target)}; expected the name of a column with a few classes`);
  }
}
