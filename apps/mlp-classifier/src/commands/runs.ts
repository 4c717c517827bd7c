import { UsageFailure } from "../failure.js";
import { mostCompared, renderComparison } from "../report/comparison-report.js";
import { writeWhole } from "../run/file.js";
import { foldersOfRuns, keptValue, readForList, readRun, type RecordedRun } from "../run/recorded-run.js";
import { exists, folderNamed, runsFolder } from "../run/run-folder.js";
import { describeComparison, describeRuns } from "../terminal/runs-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of a list of runs. */
export interface RunsRequest {
  readonly folder?: string | undefined;
  readonly json: boolean;
}

/** Lists the runs in a folder, the latest first. */
export async function listRuns({ folder = runsFolder, json }: RunsRequest, terminal: Terminal): Promise<void> {
  const found = folder === runsFolder && !(await exists(folder)) ? [] : await foldersOfRuns(folder);
  const runs = (await Promise.all(found.map(readForList))).toSorted((a, b) => b.updated - a.updated);
  if (json) for (const run of runs) terminal.event("run", fieldsOf(run));
  else if (runs.length === 0) terminal.print(`There are no runs in ${folder}.`);
  else terminal.print(...describeRuns(folder, runs, terminal.style, terminal.columns, Date.now()));
}

/** The command-line options of a comparison of runs. */
export interface CompareRequest {
  /** Folders of runs, or their names in `runs`. */
  readonly runs: readonly string[];
  /** The file of the report. */
  readonly report?: string | undefined;
  readonly json: boolean;
}

/** Shows in which settings runs differ, and what came out; and writes a report with their curves. */
export async function compareRuns({ runs: names, report, json }: CompareRequest, terminal: Terminal): Promise<void> {
  if (names.length < 2) throw new UsageFailure("runs compare needs at least two runs");
  if (report !== undefined && names.length > mostCompared) throw new UsageFailure(`--report shows at most ${mostCompared} runs, whose lines can be told apart; there are ${names.length}`);
  const runs = await Promise.all(names.map(async (name) => readRun(await folderNamed(name, runsFolder))));
  if (json) for (const run of runs) terminal.event("run", { ...fieldsOf(run), settings: run.settings });
  else terminal.print(...describeComparison(runs, terminal.style, terminal.columns));
  if (report === undefined) return;
  await writeWhole(report, renderComparison(runs, new Date()));
  if (json) terminal.event("report", { report });
  else terminal.print("", `report  ${report}`);
}

function fieldsOf(run: RecordedRun): Readonly<Record<string, unknown>> {
  const { path, state, epochs, keptEpoch, test, updated } = run;
  return {
    path, state, epochs: epochs.length, keptEpoch,
    validationAccuracy: keptValue(run, "validation.accuracy") ?? null, validationLoss: keptValue(run, "validation.loss") ?? null,
    testAccuracy: test?.accuracy ?? null, testLoss: test?.loss ?? null, updated: updated === 0 ? null : new Date(updated).toISOString(),
  };
}
