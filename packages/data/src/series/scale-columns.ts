import { DTypeError, ShapeError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, quote } from "@nn/tensor/extend";
import { MinMaxScaler } from "../preprocessing/min-max-scaler.js";
import { Standardizer } from "../preprocessing/standardizer.js";
import { requireDistinct } from "../readers/distinct.js";
import type { Table } from "../readers/table.js";
import { columnsOf, requireTable } from "../table/missing.js";

/**
 * Replaces numeric columns by what a scaler makes of them. Fit it on the training part only, with the same columns, and scale all parts with it.
 *
 * @example
 * ```ts
 * import { scaleColumns, Standardizer, tableFromRecords } from "@nn/data";
 * const [train, test] = [tableFromRecords([{ load: 1 }, { load: 3 }]), tableFromRecords([{ load: 5 }])];
 * const scaler = Standardizer.fit(train.tensor(["load"], { dtype: "float64" }));
 * [...scaleColumns(train, ["load"], scaler).numeric("load")]; // => [-1, 1]
 * [...scaleColumns(test, ["load"], scaler).numeric("load")]; // => [3]
 * ```
 * @throws ShapeError if the scaler was fitted on another number of columns, DTypeError if a column is categorical.
 */
export function scaleColumns(table: Table, names: readonly string[], scaler: Standardizer | MinMaxScaler): Table {
  requireTable("scaleColumns", table);
  const categorical = columnsOf("scaleColumns", table, names).find(({ type }) => type === "categorical");
  requireDistinct("scaleColumns", "two columns to scale have", names);
  if (categorical !== undefined) throw new DTypeError(`scaleColumns: column ${quote(categorical.name)} is categorical, expected numbers`);
  if (!(scaler instanceof Standardizer) && !(scaler instanceof MinMaxScaler)) throw new UsageError(`scaleColumns: scaler is ${describeValue(scaler)}, expected a Standardizer or a MinMaxScaler`);
  if (scaler.mean.length !== names.length) throw new ShapeError(`scaleColumns: there are ${names.length} names, but the scaler was fitted on ${scaler.mean.length} columns; name the same columns`);
  const scaled: Tensor = scaler.transform(table.tensor(names, { dtype: "float64" }));
  const values = scaled.data("scaleColumns");
  return table.with(names.map((name, at) => ({ name, type: "numeric", values: Float64Array.from({ length: table.length }, (_, row) => values[row * names.length + at] as number) })));
}
