import { ModuleBuilder } from "../assembler/module-builder.js";
import { i32 } from "../assembler/operators.js";
import type { LinearMemory } from "../memory/linear-memory.js";

/** Reads a word until it changes, at most `turns` times; returns its last value. */
export type Spin = (address: number, value: number, turns: number) => number;

/** How often a thread reads a word before it sleeps: `long` times as a rule. */
export interface SpinTurns {
  readonly long: number;
  /** After a missed spin, which ended in sleep, until there are `retry` of them. */
  readonly short: number;
  /** A power of two. */
  readonly retry: number;
}

/**
 * A turn takes about half a nanosecond, so a thread spins for 20 microseconds, as long as it takes to wake a sleeping thread. After a
 * missed spin, the other thread may be waiting for this very core, as on a machine that runs other programs: then mostly
 * 2 microseconds. (`bench/threads.ts`)
 */
export const spinTurns: SpinTurns = { long: 40_000, short: 4000, retry: 8 };

/** How many turns to spin after so many missed spins. */
export function turnsAfter(missedSpins: number): number {
  return missedSpins % spinTurns.retry === 0 ? spinTurns.long : spinTurns.short;
}

/**
 * A module with two functions of type {@link Spin}: `whileEqual` spins as long as the word is `value`, `untilEqual` until it is.
 * In WebAssembly they cost the same from the first call on, so that turns can be counted instead of time.
 */
export function spinModule(memory: LinearMemory): WebAssembly.Module {
  const module = new ModuleBuilder({ memory: memory.declaration });
  const params = { address: "i32", value: "i32", turns: "i32" } as const;
  for (const [name, goesOn] of [["whileEqual", i32.eq], ["untilEqual", i32.ne]] as const) {
    module.function({ name, params, result: "i32", export: true }, (b, { address, value, turns }) => {
      const seen = b.local("i32");
      b.loop((again) => {
        b.set(seen, i32.atomic.load(address));
        b.set(turns, i32.sub(turns, 1));
        b.brIf(again, i32.and(goesOn(seen, value), i32.gt_s(turns, 0)));
      });
      return seen;
    });
  }
  return new WebAssembly.Module(module.finish());
}
