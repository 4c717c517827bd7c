import { ModuleBuilder } from "../assembler/module-builder.js";
import { i32 } from "../assembler/operators.js";
import type { LinearMemory } from "../memory/linear-memory.js";

/** Reads a word repeatedly, at most `reads` times, until it changes. Returns its last value. */
export type Spin = (address: number, value: number, reads: number) => number;

/** How often a thread reads a word before it sleeps: normally `long` times. */
export interface SpinReads {
  readonly long: number;
  /** How often after a missed spin, one that ended in sleep, until there are `retry` of them. */
  readonly short: number;
  /** After how many missed spins to try a long one again; a power of two. */
  readonly retry: number;
}

/**
 * A read takes a quarter to half a nanosecond, so a thread spins for 50 to 100 microseconds. It takes 20 to 50 to wake a sleeping thread: with a shorter
 * spin, the other thread would have gone to sleep at the next barrier before this one is awake, and so on at each barrier. After a missed spin, it mostly
 * spins for a twentieth of that, because the other thread may be waiting for this core, as on a machine that runs other programs. (`bench/threads.ts`)
 */
export const spinReads: SpinReads = { long: 200_000, short: 10_000, retry: 8 };

/** How many reads to spin for after `missedSpins` missed spins in succession. */
export function readsAfter(missedSpins: number): number {
  return missedSpins % spinReads.retry === 0 ? spinReads.long : spinReads.short;
}

/**
 * A module with two functions of type {@link Spin}: `whileEqual` spins as long as the word is `value`, `untilEqual` until it is.
 * In WebAssembly, a read takes the same time from the first call on, so reads can be counted instead of measuring time.
 */
export function spinModule(memory: LinearMemory): WebAssembly.Module {
  const module = new ModuleBuilder({ memory: memory.declaration });
  const params = { address: "i32", value: "i32", reads: "i32" } as const;
  for (const [name, goesOn] of [["whileEqual", i32.eq], ["untilEqual", i32.ne]] as const) {
    module.function({ name, params, result: "i32", export: true }, (b, { address, value, reads }) => {
      const seen = b.local("i32");
      b.loop((again) => {
        b.set(seen, i32.atomic.load(address));
        b.set(reads, i32.sub(reads, 1));
        b.brIf(again, i32.and(goesOn(seen, value), i32.gt_s(reads, 0)));
      });
      return seen;
    });
  }
  return new WebAssembly.Module(module.finish());
}
