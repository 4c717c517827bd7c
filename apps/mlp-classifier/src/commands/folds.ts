import { progressBar } from "@nn/train/node";
import type { LoadedData } from "../data/loaded-data.js";
import { UsageFailure } from "../failure.js";
import type { FoldsRecord } from "../run/folds-record.js";
import type { RunFolder } from "../run/run-folder.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { FoldsTable } from "../terminal/folds-text.js";
import type { Terminal } from "../terminal/terminal.js";
import { crossValidateFolds, type FoldResult } from "../training/cross-validation.js";

/** How the folds of a run are shown. */
export interface FoldsRequest {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The folds of data. @throws UsageFailure if they cannot be divided; Failure if there are too few examples. */
export function foldsOfData(data: LoadedData, count: number): readonly LoadedData[] {
  if (data.folds === undefined) throw new UsageFailure(`--folds does not apply to --data ${data.name}, whose training examples repeat its test examples`);
  return data.folds(count);
}

/** Cross-validates the settings of a run, prints the scores, saves them in its folder as `folds.json`, and gives them. */
export async function runFolds(folds: readonly LoadedData[], settings: ResolvedSettings, folder: RunFolder, { json, quiet }: FoldsRequest, terminal: Terminal, signal: AbortSignal): Promise<FoldsRecord> {
  const table = new FoldsTable(terminal.style, terminal.columns);
  const results: FoldResult[] = [];
  if (!json) terminal.print(...table.header(folds.length));
  const { mean, std } = await crossValidateFolds(folds, settings, {
    signal,
    plugins: (fold) => (quiet ? [] : [progressBar({ stream: terminal.stderr, label: `fold ${fold}/${folds.length}` })]),
    onFold: (result) => {
      results.push(result);
      if (json) terminal.event("fold", { ...result });
      else terminal.print(table.fold(result));
    },
  });
  const record: FoldsRecord = { folds: results, mean, std };
  await folder.writeJson("folds", record);
  if (json) terminal.event("folds", { mean, std, file: folder.pathOf("folds") });
  else terminal.print(table.summary({ mean, std }), "");
  return record;
}
