import type { CompetitorProcess } from "../competitor/process.js";
import { LoadMeter, QuietTimer } from "./processor-load.js";
import type { Settings } from "./settings.js";

/** A competitor that is loaded and warm, and how much it does in a round. */
export interface Runner {
  readonly process: Pick<CompetitorProcess, "request">;
  readonly threads: number;
  /** Runs in a round. */
  readonly count: number;
  /** Rounds that it takes part in: fewer if one run takes very long. */
  readonly rounds: number;
}

/** Milliseconds of one run, by competitor and round. */
export interface Rounds {
  readonly series: readonly (readonly (number | undefined)[])[];
  /** Rounds in which other programs were busy too, and which could not be repeated. */
  readonly noisy: number;
}

/** How often a competitor runs in a round, and in how many rounds, given the milliseconds of one run. */
export function planRounds(each: number, { slot, rounds }: Settings): { readonly count: number; readonly rounds: number } {
  const count = Math.min(1_000_000, Math.max(1, Math.round(slot / each)));
  const budget = slot * rounds * 4;
  return { count, rounds: Math.min(rounds, Math.max(Math.min(3, rounds), Math.floor(budget / (count * each)))) };
}

/** The order of a round: another competitor begins each time, and every other round goes backwards. */
export function orderOf(round: number, competitors: number): readonly number[] {
  const first = Math.floor(round / 2) % Math.max(1, competitors);
  const order = Array.from({ length: competitors }, (_, at) => (at + first) % competitors);
  return round % 2 === 0 ? order : order.toReversed();
}

/** A competitor that is not on the processor nearly all of the time was kept from it. */
const leastFraction = 0.9;

interface Round {
  readonly times: readonly (number | undefined)[];
  readonly noisy: boolean;
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
    kept ||= wall > 20 && processor < leastFraction * wall;
  }
  return { times, noisy: kept || meter.others(processorTime) > QuietTimer.tolerable * 2 };
}

/** Runs the competitors in turns, round by round, and repeats noisy rounds as long as there is time to wait. */
export async function interleave(runners: readonly Runner[], { rounds, maxWait: seconds }: Settings): Promise<Rounds> {
  const timer = new QuietTimer(seconds);
  const done: Round[] = [];
  while (done.length < rounds) {
    await timer.quiet();
    const started = performance.now();
    const round = await oneRound(runners, done.length);
    if (round.noisy && timer.again(performance.now() - started)) continue;
    done.push(round);
  }
  return {
    series: runners.map((_, at) => done.map(({ times }) => times[at])),
    noisy: done.filter(({ noisy }) => noisy).length,
  };
}
