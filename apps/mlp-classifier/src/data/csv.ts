import { UsageFailure } from "../failure.js";
import { cleanRows, missingWarnings, typedTable } from "./clean.js";
import { decideColumns, listed } from "./columns.js";
import type { DataSettings } from "./data-settings.js";
import type { LoadedData } from "./loaded-data.js";
import { readRawTable, sourceName, type RawTable, type ReadingListener } from "./raw-table.js";
import { splitTable } from "./table.js";

/**
 * The data of a CSV file: read once, its columns and rows decided upon, then split, then encoded.
 * @throws UsageFailure if `--target` is missing or no column; Failure if the file cannot be read or used.
 */
export async function loadCsv(settings: DataSettings, listener?: ReadingListener): Promise<LoadedData> {
  const { data, target, header, missing: policy } = settings;
  const raw = await readRawTable(data, { header, listener });
  if (target === null) throw new UsageFailure(`--data ${data} is a CSV file: name the column that holds the class with --target; it has ${listed(raw.names)}`);
  const { plans, reports, warnings } = decideColumns(raw, { ...settings, target });
  const { table, missing } = cleanRows(raw, typedTable(raw, plans), plans, target, policy);
  const parted = splitTable(sourceName(data), table, { target, columns: plans }, settings);
  const all = [...headerWarnings(raw, header), ...warnings, ...missingWarnings(missing, policy, target), ...(parted.summary?.warnings ?? [])];
  return { ...parted, source: raw.source, summary: { columns: reports, missing, warnings: all, classCounts: parted.summary?.classCounts ?? [] } };
}

/** A first line that may have been an example. */
function headerWarnings({ names }: RawTable, header: boolean): string[] {
  const numbers = names.filter((name) => /^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(name)).length;
  return header && numbers > names.length / 2 ? [`The first line, ${listed(names, 6)}, looks like values and was taken for names; --no-header takes it for values.`] : [];
}
