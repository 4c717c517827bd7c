import { stat } from "node:fs/promises";
import { didYouMean } from "@nn/tensor/extend";
import { systemReason } from "@nn/files";
import { Failure, UsageFailure } from "../failure.js";
import type { PartialSettings } from "../settings/merge.js";
import { fallbacks, flagOf, type SettingName } from "../settings/settings.js";
import { loadBuiltIn, type DownloadListener } from "./built-in.js";
import { builtInNames, isBuiltIn } from "./built-in-names.js";
import { loadFolder } from "./images/load-folder.js";
import { loadTableFile } from "./table-file.js";
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

/** The settings that apply to tables in files only. */
const ofTables = ["target", "ignore", "categorical", "numeric", "header", "delimiter", "comment", "skipLines", "numbers", "dates", "missing"] as const satisfies readonly SettingName[];

/** The settings that apply to files and folders only. */
const ofFiles = ["testData", "imageSize"] as const satisfies readonly SettingName[];

/** Built-in data with test examples. */
const withTest: ReadonlySet<string> = new Set(["digits", "mnist", "fashionMnist", "xor"]);

/**
 * Loads the data that the settings name: a built-in data set, a folder of images, or a table in a file.
 * @throws Failure if they cannot be read, UsageFailure if the settings do not fit them.
 */
export async function loadData(settings: DataSettings, { given = {}, reading }: Loading = {}): Promise<LoadedData> {
  const { data, testData } = settings;
  if (isBuiltIn(data)) {
    refuse(ofTables, settings, given, `applies to tables in files only, but --data is ${data}`);
    refuse(ofFiles, settings, given, `applies to files and folders only, but --data is ${data}`);
    if (withTest.has(data)) refuse(["testSplit"], settings, given, `does not apply to --data ${data}, which has its own test examples`);
    if (data === "xor") refuse(["validationSplit"], settings, given, "does not apply to --data xor, whose four points are the validation examples");
    return loadBuiltIn(data, settings, (progress) => reading?.downloading(progress));
  }
  const status = data === "-" ? undefined : await stat(data).catch((cause: unknown) => {
    throw unknownSource(data, cause);
  });
  if (testData !== null) refuse(["testSplit"], settings, given, "does not apply with --test-data, which has the test examples");
  if (status?.isDirectory() !== true) {
    refuse(["imageSize"], settings, given, `applies to folders of images only, but --data is ${data}`);
    return loadTableFile(settings, reading);
  }
  refuse(ofTables, settings, given, `applies to tables in files only, but --data is ${data}`);
  return loadFolder(settings, reading);
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
