import { cpus } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds that all cores together were busy. */
function busyTime(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

/** Measures how busy other programs keep the machine. */
export class LoadMeter {
  #busy = busyTime();
  #started = performance.now();
  #own = process.cpuUsage();

  /** Cores that other programs kept busy since this meter was created, given the processor time that the competitors used. */
  others(competitors: number): number {
    const wall = performance.now() - this.#started;
    const { user, system } = process.cpuUsage(this.#own);
    return Math.max(0, (busyTime() - this.#busy - competitors - (user + system) / 1000) / wall);
  }
}

/** Cores that are busy while this process waits for a moment. */
export async function idleLoad(milliseconds = 150): Promise<number> {
  const meter = new LoadMeter();
  await pause(milliseconds);
  return meter.others(0);
}

/**
 * Waits for a quiet machine. A measurement waits for a quiet moment, and a noisy round is repeated, until the waiting time of the case is used
 * up. After that noisy rounds count, and the report says how many there were.
 */
export class QuietTimer {
  /** Cores that other programs may keep busy. An idle desktop uses a tenth of a core. */
  static readonly tolerable = 0.15;
  #left: number;

  constructor(seconds: number) {
    this.#left = seconds * 1000;
  }

  /** Waits until the machine is quiet, or until the time is used up. */
  async quiet(): Promise<void> {
    while (this.#left > 0) {
      const started = performance.now();
      if ((await idleLoad()) <= QuietTimer.tolerable) return;
      await pause(500);
      this.#left -= performance.now() - started;
    }
  }

  /** Whether there is time to repeat a round that took `milliseconds`; if so, uses that time up. */
  again(milliseconds: number): boolean {
    if (this.#left <= 0) return false;
    this.#left -= milliseconds;
    return true;
  }
}
