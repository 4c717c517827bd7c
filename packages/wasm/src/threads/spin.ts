import { ModuleBuilder } from "../assembler/module-builder.js";
import { i32 } from "../assembler/operators.js";
import type { LinearMemory } from "../memory/linear-memory.js";

/** Looks at a word until it is something else, or as often as `turns` says; what it was at last. */
export type Spin = (address: number, value: number, turns: number) => number;

/** How often a thread looks before it sleeps: `long` times as a rule. */
export interface SpinTurns {
  readonly long: number;
  /** After looking in vain, until it has looked in vain `retry` times. */
  readonly short: number;
  /** A power of two. */
  readonly retry: number;
}

/**
 * A turn takes about half a nanosecond, so a thread looks for 20 microseconds, which is as long as it takes to wake one that
 * sleeps. Where that is in vain the other thread may be waiting for this very core, as on a machine that others use too: then
 * mostly 2 microseconds. (`bench/threads.ts`)
 */
export const spinTurns: SpinTurns = { long: 40_000, short: 4000, retry: 8 };

/** How often to look, after looking in vain so many times. */
export function turnsAfter(vain: number): number {
  return vain % spinTurns.retry === 0 ? spinTurns.long : spinTurns.short;
}

/**
 * A module with two functions of type {@link Spin}: `whileEqual` looks at the word as long as it is `value`, `untilEqual`
 * until it is. In WebAssembly they cost the same from the first call on, so that turns can be counted instead of time.
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
