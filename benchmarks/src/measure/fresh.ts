import { ContestantError, ContestantProcess } from "../contestant/process.js";
import type { Figures } from "../contestant/protocol.js";
import type { ContestantId } from "../contestants.js";
import type { Launcher } from "../launcher.js";
import type { Entry, Result } from "../results.js";
import type { Case, FreshWork } from "../works/work.js";
import { Patience } from "./processor-load.js";
import { orderOf } from "./rounds.js";
import type { Settings } from "./settings.js";
import { present, ratios, summarize } from "./statistics.js";

/** Measures one case in fresh processes, round by round in turns; gives a result for each figure that they report. */
export async function measureFresh(work: FreshWork, one: Case, ids: readonly ContestantId[], launcher: Launcher, settings: Settings): Promise<readonly Result[]> {
  const rounds = Math.min(work.mostRounds, settings.rounds);
  const patience = new Patience(settings.patience);
  const reported: (Figures | undefined)[][] = ids.map(() => []);
  const problems = new Map<ContestantId, string>();
  for (let round = 0; round < rounds; round++) {
    for (const at of orderOf(round, ids.length)) {
      const id = ids[at] as ContestantId;
      if (problems.has(id)) continue;
      await patience.quiet();
      const process = new ContestantProcess(launcher.commandOf(id, { work: work.work, parameters: one.parameters }, work.task(settings.growthSteps)));
      try {
        reported[at]?.push(await process.figures());
      } catch (error) {
        if (!(error instanceof ContestantError)) throw error;
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
    const entries = ids.map((contestant, at): Entry => {
      const own = series[at] ?? [];
      const problem = problems.get(contestant);
      if (problem !== undefined) return { contestant, problem };
      return { contestant, value: summarize(present(own)), ratio: work.unit === "growth" ? undefined : summarize(ratios(ours, own)) };
    });
    return { work: work.name, case: [one.name, name].filter(Boolean).join(": "), unit: work.unit, entries, rounds, disturbed: 0 };
  });
}
