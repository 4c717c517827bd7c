import { stat } from "node:fs/promises";
import { didYouMean } from "@nn/tensor/extend";
import { systemReason } from "@nn/files";
import { Failure, UsageFailure } from "../failure.js";
import type { PartialSettings } from "../settings/merge.js";
import { fallbacks, flagOf, type SettingName } from "../settings/settings.js";
import { builtInNames, isBuiltIn, loadBuiltIn, type DownloadListener } from "./built-in.js";
import { loadCsv } from "./csv.js";
import { loadIdxFolder } from "./idx.js";
import type { DataSettings } from "./data-settings.js";
import type { LoadedData } from "./loaded-data.js";
import type { ReadingListener } from "./raw-table.js";

/** Listeners for the progress of reading. */
export interface LoadListener extends ReadingListener {
  downloading(progress: Parameters<DownloadListener>[0]): void;
}

/** How data are loaded. */
export interface Loading {
  /** The settings that were given on the command line. Those that do not apply to the data are refused. */
  readonly given?: PartialSettings;
  readonly reading?: LoadListener;
}

/** The settings that apply to tables only. */
const ofTables = ["target", "ignore", "categorical", "numeric", "header", "delimiter", "comment", "skipLines", "numbers", "missing"] as const satisfies readonly SettingName[];

/** Built-in data with test examples. */
const withTest: ReadonlySet<string> = new Set(["digits", "mnist", "fashionMnist", "xor"]);

/**
 * Loads the data that the settings name: a built-in data set, a folder of IDX files, or a CSV file.
 * @throws Failure if they cannot be read, UsageFailure if the settings do not fit them.
 */
export async function loadData(settings: DataSettings, { given = {}, reading }: Loading = {}): Promise<LoadedData> {
  const { data } = settings;
  if (isBuiltIn(data)) {
    refuse(ofTables, settings, given, `applies to CSV files only, but --data is ${data}`);
    if (withTest.has(data)) refuse(["testSplit"], settings, given, `does not apply to --data ${data}, which has its own test examples`);
    if (data === "xor") refuse(["validationSplit"], settings, given, "does not apply to --data xor, whose four points are the validation examples");
    return loadBuiltIn(data, settings, (progress) => reading?.downloading(progress));
  }
  const status = data === "-" ? undefined : await stat(data).catch((cause: unknown) => {
    throw unknownSource(data, cause);
  });
  if (status?.isDirectory() !== true) return loadCsv(settings, reading);
  refuse(ofTables, settings, given, `applies to CSV files only, but --data is ${data}`);
  return loadIdxFolder(data, settings);
}

/** @throws UsageFailure if one of the settings was given, or differs from its default. */
function refuse(names: readonly (keyof DataSettings)[], settings: DataSettings, given: PartialSettings, why: string): void {
  const name = names.find((each) => given[each] !== undefined || (settings[each] ?? null) !== fallbacks[each]);
  if (name !== undefined) throw new UsageFailure(`${name === "header" ? "--no-header" : flagOf(name)} ${why}`);
}

function unknownSource(data: string, cause: unknown): Failure {
  if (/[/\\.]/.test(data)) return new Failure(`cannot read --data ${data}: ${systemReason(cause)}`, { cause });
  return new UsageFailure(`--data ${data} is neither a built-in data set nor a file or folder${didYouMean(data, builtInNames) || `; built in are ${builtInNames.join(", ")}`}`, cause);
}
