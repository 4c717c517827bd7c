import { cpus } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds that all cores together have spent on anything. */
function busyTime(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

/** Watches what the machine does besides us. */
export class LoadMeter {
  #busy = busyTime();
  #started = performance.now();
  #own = process.cpuUsage();

  /** Cores that others kept busy since this meter was made, given the processor time that our contestants used. */
  others(contestants: number): number {
    const wall = performance.now() - this.#started;
    const { user, system } = process.cpuUsage(this.#own);
    return Math.max(0, (busyTime() - this.#busy - contestants - (user + system) / 1000) / wall);
  }
}

/** Cores that are busy while we do nothing for a moment. */
export async function idleLoad(milliseconds = 150): Promise<number> {
  const meter = new LoadMeter();
  await pause(milliseconds);
  return meter.others(0);
}

/**
 * Patience with neighbours: a measurement waits for a quiet moment and a disturbed round is done again, until the seconds set aside
 * for a case are used up; from then on it is measured as it is, and the report says so.
 */
export class Patience {
  /** Cores that others may keep busy: a tenth of one is what an idle desktop does. */
  static readonly tolerable = 0.15;
  #left: number;

  constructor(seconds: number) {
    this.#left = seconds * 1000;
  }

  /** Waits until the machine is quiet, or patience is at its end. */
  async quiet(): Promise<void> {
    while (this.#left > 0) {
      const started = performance.now();
      if ((await idleLoad()) <= Patience.tolerable) return;
      await pause(500);
      this.#left -= performance.now() - started;
    }
  }

  /** Whether a round that took `milliseconds` may be done again, which costs as much patience. */
  again(milliseconds: number): boolean {
    if (this.#left <= 0) return false;
    this.#left -= milliseconds;
    return true;
  }
}
