import { parseNumber } from "@nn/data";
import { UsageFailure } from "../failure.js";
import { cleanRows, missingWarnings } from "./clean.js";
import { listed } from "./column-warnings.js";
import { decideColumns } from "./columns.js";
import type { DataSettings } from "./data-settings.js";
import type { LoadedData } from "./loaded-data.js";
import { readRawTable, sourceName, type RawTable, type ReadingListener } from "./raw-table.js";
import { splitTable } from "./table.js";
import { typedTable } from "./typed-table.js";

/**
 * Loads a CSV file: reads it once, decides how to read its columns, drops unusable rows, splits it, and encodes it.
 * @throws UsageFailure if `--target` is missing or its column does not exist; Failure if the file cannot be read or used.
 */
export async function loadCsv(settings: DataSettings, listener?: ReadingListener): Promise<LoadedData> {
  const { data, target, missing: policy } = settings;
  const raw = await readRawTable(data, settings, listener);
  if (target === null) throw new UsageFailure(`--data ${data} is a CSV file: name the column that holds the class with --target; it has ${listed(raw.names)}`);
  const { plans, reports, warnings } = decideColumns(raw, { ...settings, target });
  const { table, missing } = cleanRows(raw, typedTable(raw, plans), plans, target, policy);
  const split = splitTable(sourceName(data), table, { target, columns: plans }, settings);
  const all = [...headerWarnings(raw, settings.header), ...warnings, ...missingWarnings(missing, policy, target), ...(split.summary?.warnings ?? [])];
  return { ...split, source: raw.source, summary: { columns: reports, missing, warnings: all, classCounts: split.summary?.classCounts ?? [] } };
}

/** Warns of a first line that may not be a header. */
function headerWarnings({ names }: RawTable, header: boolean): string[] {
  if (!header) return [];
  const numbers = names.filter((name) => !Number.isNaN(parseNumber(name))).length;
  return [
    ...(numbers > names.length / 2 ? [`The first line, ${listed(names, 6)}, looks like values and is read as names. If there is no header, add --no-header.`] : []),
    ...(/^#\s/.test(names[0] ?? "") ? [`The first line, ${listed(names, 6)}, looks like a comment and is read as names. To ignore such lines, add --comment '#'.`] : []),
  ];
}
