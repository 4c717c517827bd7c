import { expect, test } from "vitest";
import { i32 } from "../../src/assembler/operators.js";
import { LinearMemory } from "../../src/memory/linear-memory.js";
import { defineBarrier } from "../../src/threads/barrier.js";
import { ModuleBuilder } from "../../src/assembler/module-builder.js";
import { ThreadPool } from "../../src/threads/pool.js";
import { instantiate } from "../assembler/run.js";
import { type Body, spmdProgram } from "./programs.js";

/**
 * In each round every thread writes the number of the round to its word, waits for the others, and traps unless all words are equal. It
 * waits again before the next round.
 */
function rounds(words: number, count: number, uneven: boolean): (body: Body) => void {
  return ({ b, thread, threads, synchronize }) => {
    b.forRange(0, count, 1, (round) => {
      if (uneven) {
        // Threads take turns in being late, some by so much that the others sleep.
        const turn = i32.eq(i32.rem_u(round, threads), thread);
        b.if(turn, () => b.forRange(0, 30_000, 1, (i) => b.i32.atomic.store(words + 512, i)));
      }
      b.i32.store(i32.shl(thread, 6), round, { offset: words });
      synchronize();
      b.forRange(0, threads, 1, (other) => {
        b.if(i32.ne(i32.load(i32.shl(other, 6), { offset: words }), round), () => b.unreachable());
      });
      synchronize();
    });
  };
}

test.each([
  [2, 5000, false],
  [3, 300, false],
  [2, 300, true],
])("%d threads see the writes of the others, in each of %d rounds; some late: %s", async (threads, count, uneven) => {
  const memory = new LinearMemory();
  const pool = new ThreadPool(memory, { threads });
  const words = memory.allocate(1024);
  const program = spmdProgram(memory, pool, { run: rounds(words, count, uneven) });
  expect(await program.ready()).toBe(threads);
  for (let run = 0; run < 3; run++) program.run();
  expect(pool.statistics).toMatchObject({ parallelRuns: 3, latestThreads: threads });
  for (let thread = 0; thread < threads; thread++) expect(memory.i32(words + 64 * thread, 1)[0]).toBe(count - 1);
  pool.terminate();
});

test("refuses impossible addresses and timeouts", () => {
  const define = (state: object) => () => defineBarrier(new ModuleBuilder({ memory: new LinearMemory().declaration }), { address: 16, callerMaySleep: true, timeout: 100, ...state });
  expect(define({ address: 0.5 })).toThrowErrorMatchingInlineSnapshot(`[WasmArgumentError: defineBarrier: expected address to be a multiple of 4 within 4 GiB, got 0.5]`);
  expect(define({ address: 2 })).toThrowErrorMatchingInlineSnapshot(`[WasmArgumentError: defineBarrier: expected address to be a multiple of 4 within 4 GiB, got 2]`);
  expect(define({ timeout: -1 })).toThrowErrorMatchingInlineSnapshot(`[WasmArgumentError: defineBarrier: expected timeout to be a number of milliseconds, at least 0, got -1]`);
  expect(define({})).not.toThrow();
});

test("a caller that may not sleep spins", async () => {
  const memory = new LinearMemory();
  const pool = new ThreadPool(memory, { threads: 2 });
  const words = memory.allocate(1024);
  const module = new ModuleBuilder({ memory: memory.declaration });
  const barrier = defineBarrier(module, { ...pool.barrier, callerMaySleep: false });
  const params = { thread: "i32", threads: "i32" } as const;
  module.function({ name: "run", params, export: true }, (b, { thread, threads }) => {
    rounds(words, 200, true)({ b, thread, threads, synchronize: () => b.call(barrier, { thread, threads }) });
  });
  const program = pool.load(new WebAssembly.Module(module.finish()));
  await program.ready();
  program.run();
  expect(pool.statistics.latestThreads).toBe(2);
  pool.terminate();
});

test("a single thread does not wait", () => {
  const memory = new LinearMemory();
  const pool = new ThreadPool(memory, { threads: 2 });
  const module = new ModuleBuilder({ memory: memory.declaration });
  const barrier = defineBarrier(module, pool.barrier);
  module.function({ name: "run", result: "i32", export: true }, (b) => {
    b.call(barrier, { thread: 0, threads: 1 });
    return i32.const(7);
  });
  expect(instantiate(module, { env: { ...memory.imports.env } })["run"]?.()).toBe(7);
});
