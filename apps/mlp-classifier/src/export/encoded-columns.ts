import { TableEncoder, type DatePart } from "@nn/data";
import type { TableForm } from "../data/input-form.js";
import { columnsOf } from "../data/typed-table.js";
import { damaged } from "../run/damage.js";

/** A number becomes `(value − mean) / scale`. */
export interface Scaling {
  readonly mean: number;
  readonly scale: number;
}

/** A column of a table, and how its values become features. */
export type EncodedColumn = NumberColumn | DateColumn | CategoryColumn;

/** A column of numbers. */
export interface NumberColumn extends Scaling {
  readonly name: string;
  readonly kind: "number";
}

/** A column of dates; each part becomes a number. */
export interface DateColumn {
  readonly name: string;
  readonly kind: "date";
  readonly parts: readonly (Scaling & { readonly part: DatePart })[];
}

/** A column of categories; each becomes a feature that is 1 for it, and 0 for all others. */
export interface CategoryColumn {
  readonly name: string;
  readonly kind: "category";
  readonly categories: readonly string[];
}

/**
 * The columns that a model needs, in the order of the table. The features are those of numbers and dates in this order, then those of categories.
 * @throws Failure if the encoding of the model is none that training writes.
 */
export function encodedColumns(path: string, { columns, target, encoder: state }: TableForm): readonly EncodedColumn[] {
  const encoder = TableEncoder.fromJSON(state);
  const scalings = scalingsOf(path, state);
  const categories = new Map(encoder.categorical.map(({ name, encoder: { categories: all } }) => [name, all.map(String)]));
  const missing = (name: string): never => { throw damaged(path, `it does not say how the column ${JSON.stringify(name)} becomes features`); };
  const scalingOf = (name: string): Scaling => scalings.get(name) ?? missing(name);
  const encoded = columns.filter(({ name }) => name !== target).map((plan): EncodedColumn => {
    const { name } = plan;
    if (plan.kind === "number") return { name, kind: "number", ...scalingOf(name) };
    if (plan.kind === "category") return { name, kind: "category", categories: categories.get(name) ?? missing(name) };
    const own = columnsOf(plan);
    return { name, kind: "date", parts: plan.parts.map((part, at) => ({ part, ...scalingOf(own[at] ?? "") })) };
  });
  if (featureNames(encoded).join("\n") !== encoder.featureNames.join("\n")) throw damaged(path, "its columns and its features are in different orders");
  return encoded;
}

/** The scaling of each numeric feature. */
function scalingsOf(path: string, { scaler, numeric }: TableForm["encoder"]): ReadonlyMap<string, Scaling> {
  if (scaler === null) return new Map();
  if (scaler.type !== "Standardizer") throw damaged(path, `its numbers are scaled by ${scaler.type}, expected Standardizer`);
  return new Map(numeric.map((name, at) => [name, { mean: scaler.mean[at] ?? Number.NaN, scale: scaler.scale[at] ?? Number.NaN }]));
}

/** The columns of categories. */
export const isCategorical = (column: EncodedColumn): column is CategoryColumn => column.kind === "category";

/** The numeric features with their scaling: those of numbers and of the parts of dates. */
export function numericFeatures(columns: readonly EncodedColumn[]): readonly (Scaling & { readonly name: string })[] {
  return columns.flatMap((column) => {
    if (column.kind === "number") return [column];
    return column.kind === "date" ? column.parts.map(({ part, mean, scale }) => ({ name: `${column.name} ${part}`, mean, scale })) : [];
  });
}

function featureNames(columns: readonly EncodedColumn[]): readonly string[] {
  const categories = columns.filter(isCategorical).flatMap(({ name, categories: all }) => all.map((category) => `${name}=${category}`));
  return [...numericFeatures(columns).map(({ name }) => name), ...categories];
}
