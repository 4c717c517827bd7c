import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { ArgumentError } from "@nn/tensor";
import { readCsvFile, type ColumnType, type CsvOptions, type Table } from "@nn/data";
import { Failure, isSystemError, systemReason, UsageFailure } from "../failure.js";
import type { DataSettings } from "./load.js";
import type { LoadedData } from "./part.js";
import { partTable } from "./table.js";

/** How a table is read from a file. */
export interface CsvReading {
  readonly missing: DataSettings["missing"];
  /** The types of columns; others are found out. */
  readonly columns?: Readonly<Record<string, ColumnType>>;
}

const missingPolicies = { error: "error", drop: "dropRow", mean: "keep" } as const satisfies Record<DataSettings["missing"], CsvOptions["missing"]>;

/**
 * A table from a CSV file, which may be compressed with gzip; `.tsv` files have tabs, others commas or, where their first line has
 * only these, semicolons.
 * @throws Failure if it cannot be read, FormatError naming line and column where it is no CSV.
 */
export async function readTable(path: string, { missing, columns = {} }: CsvReading): Promise<Table> {
  try {
    const delimiter = await delimiterOf(path);
    return await readCsvFile(path, { missing: missingPolicies[missing], columns, delimiter });
  } catch (cause) {
    if (isSystemError(cause)) throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
    throw cause;
  }
}

/**
 * The data of a CSV file.
 * @throws UsageFailure if `--target` is missing or no column, and all that {@link readTable} throws.
 */
export async function loadCsv(settings: DataSettings): Promise<LoadedData> {
  const { data, target } = settings;
  if (target === null) throw new UsageFailure(`--data ${data} is a CSV file: name the column that holds the class with --target`);
  const ignored = settings.ignore?.split(",").map((name) => name.trim()) ?? [];
  const columns = Object.fromEntries(ignored.map((name) => [name, "skip"] as const));
  try {
    const table = await readTable(data, { missing: settings.missing, columns });
    return partTable(basename(data), withoutHoles(table, target, data), target, settings);
  } catch (cause) {
    // A column that is named but not there.
    if (cause instanceof ArgumentError) throw new UsageFailure(`${data}: ${cause.message.replace(/^\w+: /, "")}`, cause);
    throw cause;
  }
}

/** A missing class can be guessed from nothing. */
function withoutHoles(table: Table, target: string, path: string): Table {
  const hole = table.categorical(target).indexOf(null);
  if (hole >= 0) throw new Failure(`${path}, row ${hole + 1}: the class in column ${JSON.stringify(target)} is missing; use --missing drop to leave such rows out`);
  return table;
}

/** The character between the fields, by the name of the file and its first line. */
export async function delimiterOf(path: string): Promise<string> {
  if (/\.(tsv|tab)(\.gz)?$/i.test(path)) return "\t";
  let head = "";
  for await (const chunk of createReadStream(path, { encoding: "latin1", end: 1 << 16 })) {
    head += String(chunk);
    if (head.includes("\n")) break;
  }
  const [line = ""] = head.split("\n", 1);
  return line.includes(";") && !line.includes(",") ? ";" : ",";
}
