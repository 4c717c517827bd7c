import { invocation } from "../cli/invocation.js";
import { sameFingerprint } from "../data/fingerprint.js";
import type { LoadedData } from "../data/loaded-data.js";
import { Failure, Interruption, UsageFailure } from "../failure.js";
import type { CompleteFolds, FoldsRecord } from "../run/folds-record.js";
import type { RunFolder } from "../run/run-folder.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { FoldsTable } from "../terminal/folds-text.js";
import { counted } from "../terminal/format.js";
import type { Terminal } from "../terminal/terminal.js";
import { crossValidateFolds, type FoldResult } from "../training/cross-validation.js";

/** How the folds of a run are shown. */
export interface FoldsRequest {
  readonly foldsOnly: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The run that is cross-validated. */
interface FoldedRun {
  readonly data: LoadedData;
  readonly settings: ResolvedSettings;
  readonly folder: RunFolder;
}

/** The folds of data. @throws UsageFailure if they cannot be divided; Failure if there are too few examples. */
export function foldsOfData(data: LoadedData, count: number): readonly LoadedData[] {
  if (data.folds === undefined) throw new UsageFailure(`--folds does not apply to --data ${data.name}, whose training examples repeat its test examples`);
  return data.folds(count);
}

/**
 * Cross-validates the settings of a run from the first fold on that is not done, and prints the scores of all. `folds.json` in its folder has them from the beginning on, so that an
 * interrupted one continues.
 * @throws Interruption at the signal; Failure if the data are not those of the folds that are done.
 */
export async function runFolds(begun: FoldsRecord, { data, settings, folder }: FoldedRun, { foldsOnly, json, quiet }: FoldsRequest, terminal: Terminal, signal: AbortSignal): Promise<CompleteFolds> {
  requireSameSource(begun, data, folder);
  const rounds = foldsOfData(data, begun.count);
  const table = new FoldsTable(terminal.style, terminal.columns);
  const results: FoldResult[] = [...begun.folds];
  const save = (more: Partial<FoldsRecord> = {}): Promise<void> => folder.writeJson("folds", { ...begun, folds: results, ...more });
  await save();
  if (!json) terminal.print(...table.header(rounds.length), ...results.map((result) => table.fold(result)));
  const { mean, std } = await crossValidateFolds(rounds, settings, {
    done: begun.folds,
    signal,
    interrupted: (fold) => new Interruption(
      `interrupted in fold ${fold} of ${rounds.length}, which will begin anew; ${results.length === 0 ? "no fold is done yet" : `${counted(results.length, "fold is", "folds are")} saved`}; continue`,
      signal.reason, `${invocation()} train --resume ${folder.path}${foldsOnly ? " --folds-only" : ""}`,
    ),
    plugins: (fold) => (quiet ? [] : [terminal.progressBar(`fold ${fold}/${rounds.length}`)]),
    onFold: async (result) => {
      results.push(result);
      await save();
      if (json) terminal.event("fold", { ...result });
      else terminal.print(table.fold(result));
    },
  });
  await save({ mean, std });
  if (json) terminal.event("folds", { mean, std, file: folder.pathOf("folds") });
  else terminal.print(table.summary({ mean, std }), "");
  return { ...begun, folds: results, mean, std };
}

function requireSameSource({ source }: FoldsRecord, data: LoadedData, folder: RunFolder): void {
  if (source === null || data.source === null || sameFingerprint(source, data.source)) return;
  throw new Failure(`the data are not those with which the cross-validation in ${folder.path} began, so its folds could not be compared; restore them, or start a new run with --config ${folder.pathOf("settings")}`);
}
