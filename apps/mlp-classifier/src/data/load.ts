import { stat } from "node:fs/promises";
import { Failure, systemReason, UsageFailure } from "../failure.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { closest } from "../settings/merge.js";
import { builtInNames, isBuiltIn, loadBuiltIn, type DownloadWatcher } from "./built-in.js";
import { loadCsv } from "./csv.js";
import { loadIdxFolder } from "./idx.js";
import type { LoadedData } from "./part.js";

/** The settings that decide which examples there are and how they are parted. */
export type DataSettings = Pick<ResolvedSettings, "data" | "target" | "ignore" | "missing" | "testSplit" | "validationSplit" | "seed">;

/**
 * The data that the settings name: a built-in data set, a folder of IDX files, or a CSV file.
 * @throws Failure if they cannot be read, UsageFailure if the settings do not fit them.
 */
export async function loadData(settings: DataSettings, onDownload: DownloadWatcher = () => undefined): Promise<LoadedData> {
  const { data } = settings;
  if (isBuiltIn(data)) {
    refuseTableSettings(settings);
    return loadBuiltIn(data, settings, onDownload);
  }
  const status = await stat(data).catch((cause: unknown) => {
    throw unknownSource(data, cause);
  });
  if (!status.isDirectory()) return loadCsv(settings);
  refuseTableSettings(settings);
  return loadIdxFolder(data, settings);
}

function refuseTableSettings({ target, ignore, data }: DataSettings): void {
  const given = target !== null ? "--target" : ignore !== null ? "--ignore" : undefined;
  if (given !== undefined) throw new UsageFailure(`${given} names columns of a CSV file, but --data is ${data}`);
}

function unknownSource(data: string, cause: unknown): Failure {
  if (/[/\\.]/.test(data)) return new Failure(`cannot read --data ${data}: ${systemReason(cause)}`, { cause });
  const like = closest(data, builtInNames);
  const hint = like === undefined ? `built in are ${builtInNames.join(", ")}` : `did you mean ${like}?`;
  return new UsageFailure(`--data ${data} is neither a built-in data set nor a file or folder (${hint})`, cause);
}
