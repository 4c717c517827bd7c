import { FormatError, type Column } from "@nn/data";
import { readParquet } from "@nn/data/parquet";
import { LosslessNumber } from "lossless-json";
import { Failure } from "../failure.js";
import type { RawColumns, Scalar } from "./raw-columns.js";

/** Whether a text begins like a Parquet file. */
export function looksLikeParquet(start: string): boolean {
  return start.startsWith("PAR1");
}

/**
 * The columns of a Parquet file. Values of a structure are columns with their paths.
 * @throws Failure if it is damaged, has no rows, or has a column of bytes or lists.
 */
export async function parquetColumns(name: string, bytes: Uint8Array): Promise<RawColumns> {
  try {
    const { columns, length } = await readParquet(bytes, { name, missing: "keep", largeIntegers: "text" });
    if (length === 0) throw new Failure(`${name} has no rows`);
    const scalars = columns.map(scalarsOf);
    const texts = scalars.map((values) => values.map((value) => (value === null ? "" : value instanceof LosslessNumber ? value.value : String(value).trim())));
    return { names: columns.map((column) => column.name), columns: texts, scalars, lines: Array.from({ length }, (_, row) => row + 1), delimiter: ",", unit: "record" };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new Failure(cause.column === undefined ? cause.message : `${name}, column ${JSON.stringify(cause.column)}: ${cause.problem}; write the file without this column`, { cause });
  }
}

function scalarsOf(column: Column): Scalar[] {
  if (column.type === "categorical") return [...column.values];
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : new LosslessNumber(String(value))));
}
