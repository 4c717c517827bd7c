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

  /** Cores that others kept busy since this meter was made, given the processor time that our competitors used. */
  others(competitors: number): number {
    const wall = performance.now() - this.#started;
    const { user, system } = process.cpuUsage(this.#own);
    return Math.max(0, (busyTime() - this.#busy - competitors - (user + system) / 1000) / wall);
  }
}

/** Cores that are busy while we do nothing for a moment. */
export async function idleLoad(milliseconds = 150): Promise<number> {
  const meter = new LoadMeter();
  await pause(milliseconds);
  return meter.others(0);
}

/**
 * Waits for a quiet machine. A measurement waits for a quiet moment, and a noisy round is repeated, until the seconds for a case are used
 * up. After that rounds count as they are, and the report says so.
 */
export class QuietTimer {
  /** Cores that others may keep busy: a tenth of one is what an idle desktop does. */
  static readonly tolerable = 0.15;
  #left: number;

  constructor(seconds: number) {
    this.#left = seconds * 1000;
  }

  /** Waits until the machine is quiet or the time is used up. */
  async quiet(): Promise<void> {
    while (this.#left > 0) {
      const started = performance.now();
      if ((await idleLoad()) <= QuietTimer.tolerable) return;
      await pause(500);
      this.#left -= performance.now() - started;
    }
  }

  /** Whether a round that took `milliseconds` may be repeated, which uses up as much time. */
  again(milliseconds: number): boolean {
    if (this.#left <= 0) return false;
    this.#left -= milliseconds;
    return true;
  }
}
