import { competitors, type CompetitorId } from "../competitors.js";
import type { Settings } from "../measure/settings.js";
import type { Result } from "../results.js";
import type { Workload } from "../workloads/workload.js";
import { percent } from "./format.js";
import { reportDetails, reportWorkload } from "./workloads.js";
import { table } from "./table.js";
import { judge, targets } from "./targets.js";

/** The contents of a report. */
export interface Run {
  readonly date: string;
  readonly command: string;
  /** The commit of the sources, if it is known. */
  readonly revision: string | undefined;
  readonly settings: Settings;
  readonly machine: readonly (readonly [string, string])[];
  /** The version of each competitor; `undefined` if it is not installed. */
  readonly versions: ReadonlyMap<CompetitorId, string | undefined>;
  readonly workloads: readonly Workload[];
  readonly results: readonly Result[];
}

const explanation = "For missed targets, [README](README.md#missed-targets) says what was tried and where the time goes.";

/** The targets, and whether they are met. */
export function reportTargets(results: readonly Result[]): string {
  const verdicts = targets.map((target) => judge(target, results));
  const met = verdicts.filter((verdict) => verdict.met).length;
  const missed = verdicts.filter((verdict) => verdict.met === false).length;
  return [
    "## Targets",
    `${met} met, ${missed} missed, ${verdicts.length - met - missed} not measured. ${explanation}`,
    table(["target", "wanted", "measured", ""], verdicts.map(({ title, wanted, measured, outcome }) => [title, wanted, measured, outcome])),
  ].join("\n\n");
}

/** A warning if other programs kept the machine busy. */
function disturbance(results: readonly Result[]): readonly string[] {
  const all = results.reduce((sum, { rounds }) => sum + rounds, 0);
  const noisy = results.reduce((sum, result) => sum + result.noisy, 0);
  if (noisy <= all / 10) return [];
  return [`**Other programs kept the processor busy during ${percent(noisy / all)} of the rounds: these results are not final.**`];
}

/** The whole report in Markdown. */
export function report(run: Run): string {
  const { settings, results, workloads } = run;
  return `${[
    "# Results",
    `Written by \`${run.command}\` on ${run.date}${run.revision === undefined ? "" : `, sources at ${run.revision}`}. How it measures: [README](README.md).`,
    `Times are medians of up to ${settings.rounds} rounds of ${settings.slot} ms; \`0.45x\` after a time means that nn takes 0.45 times as long (the median of the ratios of all rounds); below 1, nn is faster.`,
    ...disturbance(results),
    "## Machine",
    table(["", " "], run.machine, "text"),
    "## Competitors",
    table(
      ["", "version", "threads", "how"],
      [...run.versions].map(([id, version]) => [competitors[id].title, id === "roofline" ? "" : (version ?? "not installed"), String(competitors[id].threads), competitors[id].note]),
      "text",
    ),
    reportTargets(results),
    ...workloads.map((workload) => reportWorkload(workload, results.filter((result) => result.workload === workload.name))),
    "## Every figure",
    reportDetails(results),
  ].join("\n\n")}\n`;
}
