import { parseNumber, type Table } from "@nn/data";
import { Failure, UsageFailure } from "../failure.js";
import { fallbacks, flagOf } from "../settings/settings.js";
import { cleanRows, missingWarnings } from "./clean.js";
import type { ColumnPlan } from "./column-plan.js";
import { listed, quotedName } from "./column-warnings.js";
import { decideColumns } from "./columns.js";
import type { DataSettings } from "./data-settings.js";
import { combinedFingerprint, sameFingerprint, type Fingerprint } from "./fingerprint.js";
import type { LoadedData } from "./loaded-data.js";
import { requireReadable, unseenNotes } from "./other-file.js";
import { readRawTable, sourceName, type RawTable, type ReadingListener } from "./raw-table.js";
import { splitTable } from "./table.js";
import { typedTable } from "./typed-table.js";
import { UnusableTable, type ColumnSummary } from "./unusable-table.js";

/**
 * Loads a CSV file, records as JSON or a Parquet file: reads it once, decides how to read its columns, drops unusable rows, splits it, and encodes it.
 * @throws UsageFailure if `--target` is missing or its column does not exist; Failure if the file cannot be read; UnusableTable if it cannot be used.
 */
export async function loadTableFile(settings: DataSettings, listener?: ReadingListener): Promise<LoadedData> {
  const { data, target, missing: policy, testData } = settings;
  const raw = await readRawTable(data, settings, listener);
  requireCsvSettings(raw, settings);
  if (target === null) throw new UsageFailure(`--data ${data} is a ${raw.form} file: name the column that holds the class with --target; it has ${listed(raw.names)}`);
  const { plans, reports, warnings } = decideColumns(raw, { ...settings, target });
  const known = { columns: reports, warnings: [...headerWarnings(raw, settings.header), ...warnings] };
  const usable = <T>(step: () => T): T => showing(sourceName(data), known, step);
  const { table, missing } = usable(() => cleanRows(raw, typedTable(raw, plans), plans, target, policy));
  const test = testData === null ? undefined : await readTestTable(testData, raw, plans, { ...settings, target }, listener);
  const split = usable(() => splitTable(sourceName(data), table, { target, columns: plans }, settings, test?.table));
  const all = [
    ...known.warnings, ...missingWarnings(missing, policy, target), ...(split.summary?.warnings ?? []),
    ...(test === undefined ? [] : [...test.warnings, ...unseenNotes(test.table, split.input)].map((text) => `Test data: ${text}`)),
  ];
  return {
    ...split, source: test === undefined ? raw.source : combinedFingerprint(raw.source, test.source),
    summary: { columns: reports, missing, warnings: all, classCounts: split.summary?.classCounts ?? [] },
  };
}

/** Runs a step that may find that a table cannot be used. @throws UnusableTable with how its columns were read. */
function showing<T>(table: string, summary: ColumnSummary, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof Failure ? new UnusableTable(table, summary, error) : error;
  }
}

/** The settings that apply to CSV files only. */
const ofCsv = ["header", "delimiter", "comment", "skipLines"] as const;

/** @throws UsageFailure if such a setting is given for records. */
function requireCsvSettings({ path, form }: RawTable, settings: DataSettings): void {
  const given = form === "CSV" ? undefined : ofCsv.find((name) => settings[name] !== fallbacks[name]);
  if (given !== undefined) throw new UsageFailure(`${given === "header" ? "--no-header" : flagOf(given)} applies to CSV files only, but ${path} ${form === "JSON" ? "has records as JSON" : "is a Parquet file"}`);
}

/** The rows of the test file, read like those of the training. */
async function readTestTable(
  path: string, training: RawTable, plans: readonly ColumnPlan[], settings: DataSettings & { readonly target: string }, listener: ReadingListener | undefined,
): Promise<{ readonly table: Table; readonly warnings: readonly string[]; readonly source: Fingerprint }> {
  const raw = await readRawTable(path, settings, listener);
  if (sameFingerprint(training.source, raw.source)) throw new Failure(`--test-data ${path} has the same content as --data ${training.path}; to hold a part out for the test, leave --test-data out`);
  requireSameColumns(training, raw);
  const reading = requireReadable(raw, plans);
  const { table, missing } = cleanRows(raw, typedTable(raw, plans), plans, settings.target, settings.missing);
  return { table, warnings: [...reading, ...missingWarnings(missing, settings.missing, settings.target)], source: raw.source };
}

/** @throws Failure if the names of the columns differ; their order may. */
function requireSameColumns(training: RawTable, test: RawTable): void {
  const absent = training.names.filter((name) => !test.names.includes(name));
  const strange = test.names.filter((name) => !training.names.includes(name));
  if (absent.length === 0 && strange.length === 0) return;
  const difference = [...(absent.length === 0 ? [] : [`lacks ${absent.map(quotedName).join(", ")}`]), ...(strange.length === 0 ? [] : [`has ${strange.map(quotedName).join(", ")} besides`])].join(" and ");
  throw new Failure(`--test-data ${test.path} does not have the columns of ${training.path}: it ${difference}; give it the same columns`);
}

/** Warns of a first line that may not be a header. */
function headerWarnings({ names, form }: RawTable, header: boolean): string[] {
  if (!header || form !== "CSV") return [];
  const numbers = names.filter((name) => !Number.isNaN(parseNumber(name))).length;
  return [
    ...(numbers > names.length / 2 ? [`The first line, ${listed(names, 6)}, looks like values and is read as names. If there is no header, add --no-header.`] : []),
    ...(/^#\s/.test(names[0] ?? "") ? [`The first line, ${listed(names, 6)}, looks like a comment and is read as names. To ignore such lines, add --comment '#'.`] : []),
  ];
}
