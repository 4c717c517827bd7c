import type { ContestantProcess } from "../contestant/process.js";
import { LoadMeter, Patience } from "./processor-load.js";
import type { Settings } from "./settings.js";

/** A contestant that is loaded and warm, and how much it does in a round. */
export interface Runner {
  readonly process: Pick<ContestantProcess, "request">;
  readonly threads: number;
  /** Times that the work is done in a round. */
  readonly count: number;
  /** Rounds that it takes part in: fewer if one piece of work takes very long. */
  readonly rounds: number;
}

/** Milliseconds of one piece of work, by contestant and round. */
export interface Rounds {
  readonly series: readonly (readonly (number | undefined)[])[];
  /** Rounds in which others were busy too, for want of patience. */
  readonly disturbed: number;
}

/** How much of one round a contestant can do, given the milliseconds of one piece of work. */
export function share(each: number, { slot, rounds }: Settings): { readonly count: number; readonly rounds: number } {
  const count = Math.min(1_000_000, Math.max(1, Math.round(slot / each)));
  const budget = slot * rounds * 4;
  return { count, rounds: Math.min(rounds, Math.max(Math.min(3, rounds), Math.floor(budget / (count * each)))) };
}

/** The order of a round: another contestant begins each time, and every other round goes backwards. */
export function orderOf(round: number, contestants: number): readonly number[] {
  const first = Math.floor(round / 2) % Math.max(1, contestants);
  const order = Array.from({ length: contestants }, (_, at) => (at + first) % contestants);
  return round % 2 === 0 ? order : order.toReversed();
}

/** A contestant that is not on the processor nearly all of the time was kept from it. */
const leastShare = 0.9;

interface Round {
  readonly times: readonly (number | undefined)[];
  readonly disturbed: boolean;
}

async function oneRound(runners: readonly Runner[], round: number): Promise<Round> {
  const times: (number | undefined)[] = runners.map(() => undefined);
  const meter = new LoadMeter();
  let processorTime = 0;
  let kept = false;
  for (const at of orderOf(round, runners.length)) {
    const { process, count, rounds } = runners[at] as Runner;
    if (round >= rounds) continue;
    const { wall, processor, total } = await process.request({ do: "run", untimed: count >= 10 ? Math.ceil(count / 20) : 0, count });
    times[at] = wall / count;
    processorTime += total;
    kept ||= wall > 20 && processor < leastShare * wall;
  }
  return { times, disturbed: kept || meter.others(processorTime) > Patience.tolerable * 2 };
}

/** Runs the contestants in turns, round by round, and does disturbed rounds again while patience lasts. */
export async function interleave(runners: readonly Runner[], { rounds, patience: seconds }: Settings): Promise<Rounds> {
  const patience = new Patience(seconds);
  const done: Round[] = [];
  while (done.length < rounds) {
    await patience.quiet();
    const started = performance.now();
    const round = await oneRound(runners, done.length);
    if (round.disturbed && patience.again(performance.now() - started)) continue;
    done.push(round);
  }
  return {
    series: runners.map((_, at) => done.map(({ times }) => times[at])),
    disturbed: done.filter(({ disturbed }) => disturbed).length,
  };
}
