import { ContestantError, ContestantProcess } from "../contestant/process.js";
import { contestants, type ContestantId } from "../contestants.js";
import type { Launcher } from "../launcher.js";
import { agrees, type Entry, type Result } from "../results.js";
import type { Case, TimedWork } from "../works/work.js";
import { interleave, share, type Runner } from "./rounds.js";
import type { Settings } from "./settings.js";
import { present, ratios, summarize } from "./statistics.js";

/** A contestant that is ready to run. */
interface Ready extends Runner {
  readonly contestant: ContestantId;
  readonly process: ContestantProcess;
  readonly check: readonly number[];
}

/** Measures one case: all contestants are loaded and warmed up, one after the other, and then take turns. */
export async function measureTimed(work: TimedWork, one: Case, ids: readonly ContestantId[], launcher: Launcher, settings: Settings): Promise<Result> {
  const ready: Ready[] = [];
  const failed: Entry[] = [];
  try {
    for (const contestant of ids) {
      try {
        ready.push(await prepare(contestant, work, one, launcher, settings));
      } catch (error) {
        if (!(error instanceof ContestantError)) throw error;
        failed.push({ contestant, problem: firstLine(error) });
      }
    }
    const { series, disturbed } = await interleave(ready, settings);
    const ours = ready.findIndex(({ contestant }) => contestant === "nn");
    const entries = ready.map(({ contestant, check }, at): Entry => {
      const own = series[at] ?? [];
      const wrong = !agrees(check, ready[ours]?.check ?? []);
      return {
        contestant,
        value: summarize(present(own)),
        ratio: ours < 0 ? undefined : summarize(ratios(series[ours] ?? [], own)),
        ...(wrong ? { problem: `computes something else: ${check.join(", ")}, nn ${ready[ours]?.check.join(", ")}` } : {}),
      };
    });
    return { work: work.name, case: one.name, unit: "ms", cost: one.cost, entries: [...entries, ...failed], rounds: settings.rounds, disturbed };
  } finally {
    await Promise.all(ready.map(({ process }) => process.end()));
  }
}

async function prepare(contestant: ContestantId, work: TimedWork, one: Case, launcher: Launcher, settings: Settings): Promise<Ready> {
  const process = new ContestantProcess(launcher.commandOf(contestant, { ...assignmentOf(contestant, work.name, one), ...one.setting }));
  try {
    const { check } = await process.request({ do: "load" });
    const { each } = await process.request({ do: "warm", milliseconds: settings.warmUp, least: 3 });
    const threads = one.setting?.threads ?? contestants[contestant].threads;
    return { contestant, process, check, threads, ...share(each, settings) };
  } catch (error) {
    await process.end();
    throw error;
  }
}

/** The machine itself does not know the work, only what it costs. */
function assignmentOf(contestant: ContestantId, work: string, { parameters, cost }: Case): { work: string; parameters: object; variant?: string } {
  if (contestant !== "machine" || cost === undefined) return { work, parameters };
  if (cost.kind === "arithmetic") return { work: "arithmetic", parameters: { flops: cost.flops } };
  return { work: "traffic", parameters: { bytes: cost.bytes }, variant: cost.pattern ?? "copy" };
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] ?? message;
}
