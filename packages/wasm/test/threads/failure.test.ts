import { afterEach, describe, expect, test, vi } from "vitest";
import { i32 } from "../../src/assembler/operators.js";
import { LinearMemory } from "../../src/memory/linear-memory.js";
import { ThreadTrapError } from "../../src/threads/errors.js";
import { ThreadPool, type ThreadProgram } from "../../src/threads/pool.js";
import { type Body, countRuns, spmdProgram } from "./programs.js";
import { inPage, watchWorkers } from "./workers.js";

/** Thread `culprit` divides by zero while the others are on their way to a barrier, or past all of them. */
function dividing(culprit: number, synchronizes: boolean): (body: Body) => void {
  return ({ b, thread, synchronize }) => {
    b.if(i32.eq(thread, culprit), () => b.drop(i32.div_s(1, i32.sub(thread, culprit))));
    if (synchronizes) synchronize();
  };
}

/** What engines say: V8 "divide by zero", Firefox "integer divide by zero", WebKit "Division by zero". */
const division = /(?:divide|division) by zero/i;

/** A message that begins in our words, and goes on in those of an engine. */
function inWords(start: string, reason: RegExp): RegExp {
  return new RegExp(`^${start}: .*(?:${reason.source})`, reason.flags);
}

function errorOf(run: () => void): ThreadTrapError {
  try {
    run();
  } catch (error) {
    if (error instanceof ThreadTrapError) return error;
    throw error;
  }
  throw new Error("no error was thrown");
}

/** Repeats a trial with longer timeouts until it succeeds: on a busy machine a live worker may miss a short one, but a dead worker misses all. */
async function withGrowingTimeout(trial: (timeout: number) => Promise<void>): Promise<void> {
  for (let timeout = 1000; ; timeout *= 2) {
    try {
      return await trial(timeout);
    } catch (error) {
      if (timeout >= 16_000) throw error;
    }
  }
}

/** Runs until there is an error. This thread does not return to the event loop meanwhile, so the host cannot report the end of a worker. */
function untilError(run: () => void): ThreadTrapError {
  for (const start = performance.now(); performance.now() - start < 60_000; ) {
    try {
      run();
    } catch (error) {
      if (error instanceof ThreadTrapError) return error;
      throw error;
    }
  }
  throw new Error("no error was thrown");
}

/** A pool whose threads are up, and the workers that it has started. */
async function setUp(threads: number, timeout?: number) {
  const { workers, stop } = watchWorkers();
  const memory = new LinearMemory({ maximumBytes: 2 ** 24 });
  const pool = new ThreadPool(memory, timeout === undefined ? { threads } : { threads, timeout });
  const runs = memory.allocate(64);
  memory.i32(runs, 16).fill(0);
  const counting = spmdProgram(memory, pool, {
    run(body) {
      body.synchronize();
      countRuns(runs)(body);
    },
  });
  await counting.ready();
  stop();
  const expectAllRun = (program: ThreadProgram = counting): void => {
    const before = [...memory.i32(runs, threads)];
    program.run();
    expect([...memory.i32(runs, threads)]).toEqual(before.map((count) => count + 1));
    expect(pool.statistics.latestThreads).toBe(threads);
  };
  expectAllRun();
  return { memory, pool, workers, counting, expectAllRun };
}

describe("a trap becomes an error of run, and the pool works on", () => {
  test.each([
    [0, true],
    [1, true],
    [2, true],
    [0, false],
    [1, false],
    [2, false],
  ])("in thread %d; the others wait at a barrier: %s", async (culprit, synchronizes) => {
    const { memory, pool, expectAllRun } = await setUp(3);
    const program = spmdProgram(memory, pool, { run: dividing(culprit, synchronizes) });
    await program.ready();
    for (let turn = 0; turn < 20; turn++) {
      const error = errorOf(() => program.run());
      expect(error).toMatchObject({ thread: culprit, threads: 3 });
      expect(error.message).toMatch(inWords(`run: thread ${culprit} of 3 trapped in run`, division));
      // What a worker throws arrives as text.
      expect(culprit === 0).toBe(error.cause instanceof WebAssembly.RuntimeError);
      expect(String(error.cause)).toMatch(/^(?:WebAssembly\.)?RuntimeError: /);
      expect(String(error.cause)).toMatch(division);
      expectAllRun();
    }
    expect(pool.statistics).toMatchObject({ workers: 2, startedWorkers: 2 });
    pool.terminate();
  });

  test("in all threads at once, each in its own function", async () => {
    const { memory, pool, expectAllRun } = await setUp(2);
    const program = spmdProgram(memory, pool, { kernel: ({ b }) => b.unreachable() });
    await program.ready();
    for (let turn = 0; turn < 100; turn++) {
      const { message, thread } = errorOf(() => program.run("kernel"));
      expect(message).toMatch(inWords(`run: thread ${thread} of 2 trapped in kernel`, /unreachable/i));
    }
    expectAllRun();
    pool.terminate();
  });

  test("while the others sleep at the barrier", async () => {
    const { memory, pool, expectAllRun } = await setUp(2);
    const scratch = memory.allocate(64);
    const late = (culprit: number) => (body: Body) => {
      const { b, thread } = body;
      const wait = (): void => b.forRange(0, 5e6, 1, (i) => b.i32.atomic.store(scratch, i));
      b.if(i32.eq(thread, culprit), wait);
      dividing(culprit, true)(body);
    };
    const program = spmdProgram(memory, pool, { zero: late(0), one: late(1) });
    await program.ready();
    expect(errorOf(() => program.run("zero")).thread).toBe(0);
    expect(errorOf(() => program.run("one")).thread).toBe(1);
    expectAllRun();
    pool.terminate();
  });

  test("out of bounds", async () => {
    const { memory, pool, expectAllRun } = await setUp(2);
    const program = spmdProgram(memory, pool, {
      load: ({ b, thread }) => b.if(thread, () => b.drop(i32.load(-4))),
    });
    await program.ready();
    expect(errorOf(() => program.run("load")).message).toMatch(inWords("run: thread 1 of 2 trapped in load", /out of bounds/i));
    expectAllRun();
    pool.terminate();
  });

  test("on one thread", () => {
    const memory = new LinearMemory();
    const pool = new ThreadPool(memory, { threads: 1 });
    const program = spmdProgram(memory, pool, { run: dividing(0, true) });
    expect(errorOf(() => program.run()).message).toMatch(inWords("run: thread 0 of 1 trapped in run", division));
  });
});

describe("a worker that has died", () => {
  afterEach(() => vi.restoreAllMocks());

  // A browser does not tell.
  test.skipIf(inPage)("is replaced when the host has reported it", async () => {
    const { pool, workers, counting, expectAllRun } = await setUp(3);
    expect(workers).toHaveLength(2);
    await workers[0]?.terminate();
    counting.run();
    expect(pool.statistics.startedWorkers).toBe(3);
    expect(await counting.ready()).toBe(3);
    expectAllRun();
    expect(pool.statistics).toMatchObject({ workers: 2, startedWorkers: 3 });
    pool.terminate();
  });

  // In a page the caller must return to the event loop for another to start.
  test.skipIf(inPage)("is replaced at once if it could report its end", async () => {
    const { memory, pool, workers, expectAllRun, counting } = await setUp(2);
    workers[0]?.postMessage({ kind: "nonsense" });
    const other = spmdProgram(memory, pool, { run: () => {} });
    const start = performance.now();
    // This thread does not return to the event loop, so the host cannot tell.
    while (pool.statistics.startedWorkers < 2 && performance.now() - start < 60_000) other.run();
    expect(pool.statistics).toMatchObject({ workers: 1, startedWorkers: 2 });
    expect(await counting.ready()).toBe(2);
    expectAllRun();
    pool.terminate();
  });

  test.each(["waiting", "free"])("causes an error if it does not begin in time, and is replaced; the others are %s", (kind) => withGrowingTimeout(async (timeout) => {
    const { memory, pool, workers, counting, expectAllRun } = await setUp(3, timeout);
    const program = spmdProgram(memory, pool, { free: () => {}, waiting: ({ synchronize }) => synchronize() });
    await program.ready();
    // Its end becomes known only when this thread returns to the event loop.
    void workers[1]?.terminate();
    if (inPage) {
      // Chromium lets it run on for two seconds, and tells nobody.
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
    // It takes part until it is gone; on a busy machine that takes a while.
    const error = untilError(() => program.run(kind));
    expect(error).toMatchObject({ thread: 2, message: `run: thread 2 of 3 failed: it did not answer for ${timeout} ms` });
    expect(await counting.ready()).toBe(3);
    expectAllRun();
    expect(pool.statistics).toMatchObject({ workers: 2, startedWorkers: 3 });
    pool.terminate();
  }));
});
