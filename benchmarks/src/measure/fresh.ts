import { CompetitorError, CompetitorProcess } from "../competitor/process.js";
import type { Figures } from "../competitor/protocol.js";
import type { CompetitorId } from "../competitors.js";
import type { Launcher } from "../launcher.js";
import type { Entry, Result } from "../results.js";
import type { Case, FreshWorkload } from "../workloads/workload.js";
import { QuietTimer } from "./processor-load.js";
import { orderOf } from "./rounds.js";
import type { Settings } from "./settings.js";
import { present, ratios, summarize } from "./statistics.js";

/** Measures one case in fresh processes, in turns, round by round. Returns a result for each figure that they report. */
export async function measureFresh(workload: FreshWorkload, one: Case, ids: readonly CompetitorId[], launcher: Launcher, settings: Settings): Promise<readonly Result[]> {
  const rounds = Math.min(workload.mostRounds, settings.rounds);
  const timer = new QuietTimer(settings.maxWait);
  const reported: (Figures | undefined)[][] = ids.map(() => []);
  const problems = new Map<CompetitorId, string>();
  for (let round = 0; round < rounds; round++) {
    for (const at of orderOf(round, ids.length)) {
      const id = ids[at] as CompetitorId;
      if (problems.has(id)) continue;
      await timer.quiet();
      const process = new CompetitorProcess(launcher.commandOf(id, { workload: workload.workload, parameters: one.parameters }, workload.task(settings.growthSteps)));
      try {
        reported[at]?.push(await process.figures());
      } catch (error) {
        if (!(error instanceof CompetitorError)) throw error;
        problems.set(id, error.message.split("\n")[0] ?? "failed");
      } finally {
        await process.end();
      }
    }
  }
  const names = [...new Set(reported.flatMap((rows) => rows.flatMap((row) => Object.keys(row ?? {}))))];
  return names.map((name) => {
    const series = reported.map((rows) => rows.map((row) => row?.[name]));
    const ours = series[ids.indexOf("nn")] ?? [];
    const entries = ids.map((competitor, at): Entry => {
      const own = series[at] ?? [];
      const problem = problems.get(competitor);
      if (problem !== undefined) return { competitor, problem };
      return { competitor, value: summarize(present(own)), ratio: workload.unit === "growth" ? undefined : summarize(ratios(ours, own)) };
    });
    return { workload: workload.name, case: [one.name, name].filter(Boolean).join(": "), unit: workload.unit, entries, rounds, noisy: 0 };
  });
}
