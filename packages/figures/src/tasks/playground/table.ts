import { LabelEncoder, MinMaxScaler, readCsv, type Table } from "@nn/data";
import { tensor } from "@nn/tensor";
import { limits, type Problem } from "./choices.js";
import type { OwnData } from "./settings.js";

/** The most rows that are used. */
const mostRows = 1000;

/** A column that can be an input or the target. */
export interface TableColumn {
  readonly name: string;
  readonly isNumeric: boolean;
  /** The number of distinct values. */
  readonly distinct: number;
}

/** Reads a table from text or a file; rows with missing values are dropped. @throws FormatError, which says where. */
export async function readTable(input: string | Blob): Promise<Table> {
  return readCsv(input, { missing: "dropRow", name: input instanceof File ? input.name : "table" });
}

export function columnsOf(table: Table): readonly TableColumn[] {
  return table.columns.map(({ name, type, values }) => ({ name, isNumeric: type === "numeric", distinct: new Set<unknown>(values).size }));
}

/** Which columns are inputs and target at first: two numeric columns, and the last column that can be a target. */
export function firstChoice(columns: readonly TableColumn[]): { readonly inputs: readonly string[]; readonly target: string } {
  const target = columns.findLast(({ isNumeric, distinct }) => !isNumeric && distinct >= 2 && distinct <= limits.classes) ?? columns.findLast(({ isNumeric }) => isNumeric);
  const inputs = columns.filter(({ name, isNumeric }) => isNumeric && name !== target?.name).map(({ name }) => name);
  return { inputs: inputs.slice(0, 2), target: target?.name ?? "" };
}

/** Whether a target is divided into classes, or has values. */
export function problemOf({ isNumeric, distinct }: TableColumn): Problem {
  return isNumeric && distinct > limits.classes ? "regression" : "classification";
}

/** Scales a column of numbers. */
function scaled(values: ArrayLike<number>, low: number, high: number): { readonly values: readonly number[]; readonly minimum: number; readonly maximum: number } {
  const column = tensor(Array.from(values, (value) => [value]), { dtype: "float64" });
  const scaler = MinMaxScaler.fit(column, { range: [low, high] });
  const [minimum = 0] = scaler.minimum;
  const [maximum = 0] = scaler.maximum;
  return { values: (scaler.transform(column).toArray() as number[][]).map(([value]) => Number((value ?? 0).toFixed(4))), minimum, maximum };
}

/** The examples of a table. Inputs are scaled to −5 … 5, values to −1 … 1. @throws RangeError if the columns do not suit. */
export function ownDataOf(table: Table, { inputs, target }: { readonly inputs: readonly string[]; readonly target: string }): OwnData {
  const rows = table.length > mostRows ? table.subset(Array.from({ length: mostRows }, (_, at) => Math.floor((at * table.length) / mostRows))) : table;
  if (rows.length < 4) throw new RangeError(`the table has ${rows.length} rows without missing values, expected at least 4`);
  if (inputs.length < 2 || inputs.length > limits.columns) throw new RangeError(`${inputs.length} columns are chosen as inputs, expected 2 to ${limits.columns} columns of numbers`);
  const column = columnsOf(rows).find(({ name }) => name === target);
  if (column === undefined || inputs.includes(target)) throw new RangeError("choose a target that is not among the inputs");
  if (!column.isNumeric && (column.distinct < 2 || column.distinct > limits.classes)) throw new RangeError(`the column ${target} has ${column.distinct} different values, expected 2 to ${limits.classes} classes, or numbers`);
  const scaledInputs = inputs.map((name) => ({ name, ...scaled(rows.numeric(name), -5, 5) }));
  const columns = scaledInputs.map(({ name, minimum, maximum }) => ({ name, low: minimum, high: maximum }));
  const examples = Array.from({ length: rows.length }, (_, row) => scaledInputs.map(({ values }) => values[row] ?? 0));
  if (problemOf(column) === "regression") {
    const { values, minimum, maximum } = scaled(rows.numeric(target), -1, 1);
    return { inputs: examples, targets: values, columns, target: { name: target, low: minimum, high: maximum } };
  }
  const labels = rows.categorical(target);
  const encoder = LabelEncoder.fit(labels);
  return { inputs: examples, targets: [...encoder.transform(labels).toTypedArray()], columns, classNames: encoder.classes.map(String) };
}
