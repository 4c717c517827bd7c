import { basename } from "node:path";
import { fileChunks, FormatError, readCsvFile, streamCsvFile, type ColumnType, type CsvOptions, type Table } from "@nn/data";
import { Failure, UsageFailure } from "../failure.js";
import type { DataSettings } from "./load.js";
import type { LoadedData } from "./part.js";
import { partTable } from "./table.js";

/** How a table is read from a file. */
export interface CsvReading {
  readonly missing: DataSettings["missing"];
  /** The types of columns; others are found out. */
  readonly columns?: Readonly<Record<string, ColumnType>>;
  /** What can be done about a missing value. */
  readonly mend?: string;
}

const missingPolicies = { error: "error", drop: "dropRow", mean: "keep" } as const satisfies Record<DataSettings["missing"], CsvOptions["missing"]>;

/**
 * A table from a CSV file, which may be compressed with gzip; `.tsv` files have tabs, others commas or, where their first line has
 * only these, semicolons.
 * @throws FileError if it cannot be read, Failure naming line and column where it is no CSV.
 */
export async function readTable(path: string, { missing, columns = {}, mend = "" }: CsvReading): Promise<Table> {
  try {
    const delimiter = await delimiterOf(path);
    return await readCsvFile(path, { missing: missingPolicies[missing], columns, delimiter });
  } catch (cause) {
    if (cause instanceof FormatError) throw new Failure(cause.message.replace(/; use missing: .*/, mend), { cause });
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
  const names = await columnNames(data);
  for (const [flag, name] of [["--target", target], ...ignored.map((each) => ["--ignore", each])]) {
    if (name !== undefined && !names.includes(name)) throw new UsageFailure(`${flag} ${name}: ${data} has no such column; it has ${names.join(", ")}`);
  }
  if (ignored.includes(target)) throw new UsageFailure(`--ignore ${target}: it is the --target`);
  const columns = Object.fromEntries(ignored.map((name) => [name, "skip"] as const));
  const table = await readTable(data, { missing: settings.missing, columns, mend: "; --missing drop leaves such rows out, --missing mean fills them in" });
  return partTable(basename(data), withoutHoles(table, target, data), target, settings);
}

/** The names in the header of a CSV file. */
export async function columnNames(path: string): Promise<readonly string[]> {
  for await (const { values } of streamCsvFile(path, { delimiter: await delimiterOf(path) })) return Object.keys(values);
  throw new Failure(`${path} has no rows after its header`);
}

/** A missing class can be guessed from nothing. */
function withoutHoles(table: Table, target: string, path: string): Table {
  const hole = table.categorical(target).indexOf(null);
  if (hole >= 0) throw new Failure(`${path}, row ${hole + 1}: the class in column ${JSON.stringify(target)} is missing; use --missing drop to leave such rows out`);
  return table;
}

/** The character between the fields, by the name of the file and its first line. */
async function delimiterOf(path: string): Promise<string> {
  if (/\.(tsv|tab)(\.gz)?$/i.test(path)) return "\t";
  let head = "";
  for await (const chunk of fileChunks(path)) {
    head += new TextDecoder("latin1").decode(chunk);
    if (head.includes("\n")) break;
  }
  const [line = ""] = head.split("\n", 1);
  return line.includes(";") && !line.includes(",") ? ";" : ",";
}
