import { CompetitorError, CompetitorProcess } from "../competitor/process.js";
import { competitors, type CompetitorId } from "../competitors.js";
import type { Launcher } from "../launcher.js";
import { agrees, type Entry, type Result } from "../results.js";
import type { Case, TimedWorkload } from "../workloads/workload.js";
import { interleave, planRounds, type Runner } from "./rounds.js";
import type { Settings } from "./settings.js";
import { present, ratios, summarize } from "./statistics.js";

/** A competitor that is ready to run. */
interface Ready extends Runner {
  readonly competitor: CompetitorId;
  readonly process: CompetitorProcess;
  readonly check: readonly number[];
}

/** Measures one case: all competitors are loaded and warmed up, one after the other, and then take turns. */
export async function measureTimed(workload: TimedWorkload, one: Case, ids: readonly CompetitorId[], launcher: Launcher, settings: Settings): Promise<Result> {
  const ready: Ready[] = [];
  const failed: Entry[] = [];
  try {
    for (const competitor of ids) {
      try {
        ready.push(await prepare(competitor, workload, one, launcher, settings));
      } catch (error) {
        if (!(error instanceof CompetitorError)) throw error;
        failed.push({ competitor, problem: firstLine(error) });
      }
    }
    const { series, noisy } = await interleave(ready, settings);
    const ours = ready.findIndex(({ competitor }) => competitor === "nn");
    const entries = ready.map(({ competitor, check }, at): Entry => {
      const own = series[at] ?? [];
      const wrong = !agrees(check, ready[ours]?.check ?? []);
      return {
        competitor,
        value: summarize(present(own)),
        ratio: ours < 0 ? undefined : summarize(ratios(series[ours] ?? [], own)),
        ...(wrong ? { problem: `computes something else: ${check.join(", ")}, nn ${ready[ours]?.check.join(", ")}` } : {}),
      };
    });
    return { workload: workload.name, case: one.name, unit: "ms", cost: one.cost, entries: [...entries, ...failed], rounds: settings.rounds, noisy };
  } finally {
    await Promise.all(ready.map(({ process }) => process.end()));
  }
}

async function prepare(competitor: CompetitorId, workload: TimedWorkload, one: Case, launcher: Launcher, settings: Settings): Promise<Ready> {
  const process = new CompetitorProcess(launcher.commandOf(competitor, { ...assignmentOf(competitor, workload.name, one), ...one.setting }));
  try {
    const { check } = await process.request({ do: "load" });
    const { each } = await process.request({ do: "warm", milliseconds: settings.warmUp, least: 3 });
    const threads = one.setting?.threads ?? competitors[competitor].threads;
    return { competitor, process, check, threads, ...planRounds(each, settings) };
  } catch (error) {
    await process.end();
    throw error;
  }
}

/** The roofline does not run the workload, only as much arithmetic or traffic. */
function assignmentOf(competitor: CompetitorId, workload: string, { parameters, cost }: Case): { workload: string; parameters: object; variant?: string } {
  if (competitor !== "roofline" || cost === undefined) return { workload, parameters };
  if (cost.kind === "arithmetic") return { workload: "arithmetic", parameters: { flops: cost.flops } };
  return { workload: "traffic", parameters: { bytes: cost.bytes }, variant: cost.pattern ?? "copy" };
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] ?? message;
}
