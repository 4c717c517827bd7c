import { afterEach, describe, expect, test, vi } from "vitest";
import { i32 } from "../../src/assembler/operators.js";
import { LinearMemory } from "../../src/memory/linear-memory.js";
import { availableThreads } from "../../src/threads/host.js";
import { ThreadPool, type ThreadPoolOptions } from "../../src/threads/pool.js";
import { countRuns, spmdModule, spmdProgram, writeNumbers } from "./programs.js";
import { inPage } from "./workers.js";

function setUp(options: ThreadPoolOptions = { threads: 2 }) {
  const memory = new LinearMemory({ maximumBytes: 2 ** 26 });
  return { memory, pool: new ThreadPool(memory, options) };
}

/** What using something wrongly says. */
function messageOf(use: () => unknown): string {
  try {
    use();
    return "no error";
  } catch (error) {
    return String(error);
  }
}

test("workers start when a program is run again, and results do not wait for them", async () => {
  const { memory, pool } = setUp();
  const count = 1000;
  const numbers = memory.allocate(4 * count);
  const expected = Int32Array.from({ length: count }, (_, i) => i);
  const program = spmdProgram(memory, pool, { run: writeNumbers(numbers, count) });
  expect(pool.statistics).toMatchObject({ workers: 0, programs: 1, runs: 0 });

  program.run();
  program.run("run", 1);
  expect(memory.i32(numbers, count)).toEqual(expected);
  expect(pool.statistics).toMatchObject({ workers: 0, runs: 2, parallelRuns: 0 });

  memory.i32(numbers, count).fill(-1);
  program.run();
  expect(memory.i32(numbers, count)).toEqual(expected);
  expect(pool.statistics).toMatchObject({ workers: 1, runs: 3, parallelRuns: 0, latestThreads: 1 });

  expect(await program.ready()).toBe(2);
  memory.i32(numbers, count).fill(-1);
  program.run();
  expect(memory.i32(numbers, count)).toEqual(expected);
  expect(pool.statistics).toMatchObject({ workers: 1, runs: 4, parallelRuns: 1, latestThreads: 2 });
  pool.terminate();
});

test.skipIf(inPage)("a worker starts even if the caller never returns to the event loop", () => {
  const { memory, pool } = setUp();
  const runs = memory.allocate(64);
  memory.i32(runs, 2).fill(0);
  const program = spmdProgram(memory, pool, { run: countRuns(runs) });
  const start = performance.now();
  while (pool.statistics.parallelRuns < 100 && performance.now() - start < 10_000) program.run();
  expect(pool.statistics.parallelRuns).toBe(100);
  expect([...memory.i32(runs, 2)]).toEqual([pool.statistics.runs, 100]);
  pool.terminate();
});

test("10,000 runs: every thread runs its part once each time", async () => {
  const { memory, pool } = setUp({ threads: 3 });
  const runs = memory.allocate(64);
  memory.i32(runs, 3).fill(0);
  const program = spmdProgram(memory, pool, { run: countRuns(runs) });
  expect(await program.ready()).toBe(3);
  for (let run = 0; run < 10_000; run++) program.run("run", run % 4 === 0 ? 2 : 3);
  expect([...memory.i32(runs, 3)]).toEqual([10_000, 10_000, 7500]);
  expect(pool.statistics).toMatchObject({ workers: 2, startedWorkers: 2, runs: 10_000, parallelRuns: 10_000 });
  pool.terminate();
});

test("takes many programs with several entries, loaded and released between runs", async () => {
  const { memory, pool } = setUp();
  const position = memory.allocate(64);
  const threads = memory.i32(position, 2);
  const make = (value: number) =>
    spmdProgram(memory, pool, {
      first: ({ b, thread }) => b.i32.store(i32.shl(thread, 2), value, { offset: position }),
      second: ({ b, thread }) => b.i32.store(i32.shl(thread, 2), -value, { offset: position }),
    });
  for (let turn = 1; turn <= 50; turn++) {
    const [one, other] = [make(turn), make(100 + turn)];
    await one.ready();
    one.run("second");
    expect([...threads]).toEqual([-turn, -turn]);
    one.dispose();
    await other.ready();
    other.run("first");
    expect([...threads]).toEqual([100 + turn, 100 + turn]);
    expect(pool.statistics.programs).toBe(1);
    other.dispose();
  }
  expect(pool.statistics).toMatchObject({ programs: 0, parallelRuns: 100, startedWorkers: 1 });
  pool.terminate();
});

test("all threads see memory that has grown", async () => {
  const { memory, pool } = setUp();
  const module = (address: number, bytes: number) =>
    spmdProgram(memory, pool, {
      run({ b, thread, threads }) {
        const part = b.let(i32.div_u(bytes, threads));
        b.memory.fill(i32.add(address, i32.mul(thread, part)), i32.add(thread, 1), part);
        b.drop(i32.atomic.rmw.add(i32.add(address, i32.mul(thread, part)), 0));
      },
    });
  const first = module(memory.allocate(128), 128);
  await first.ready();
  first.run();
  const before = memory.statistics.reserved;
  const bytes = 2 ** 23;
  const address = memory.allocate(bytes);
  expect(memory.statistics.reserved).toBeGreaterThan(before);
  const second = module(address, bytes);
  await second.ready();
  second.run();
  const [low, high] = [memory.u8(address, bytes / 2), memory.u8(address + bytes / 2, bytes / 2)];
  expect(low.every((byte) => byte === 1) && high.every((byte) => byte === 2)).toBe(true);
  pool.terminate();
});

describe("without threads", () => {
  const count = 10;

  /** What the host has for workers, until the test ends. */
  function replaceWorkers(Worker: (() => never) | undefined): void {
    if (inPage) vi.stubGlobal("Worker", Worker);
    else vi.spyOn(process, "getBuiltinModule").mockReturnValue(Worker === undefined ? undefined : { Worker });
  }

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  function expectOneThread(memory: LinearMemory, pool: ThreadPool, reason: RegExp): void {
    const numbers = memory.allocate(4 * count);
    const program = spmdProgram(memory, pool, { run: writeNumbers(numbers, count) });
    program.run();
    program.run("run", 4);
    expect([...memory.i32(numbers, count)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pool.threads).toBe(1);
    expect(pool.reason).toMatch(reason);
    expect(pool.statistics).toMatchObject({ workers: 0, runs: 2, parallelRuns: 0, latestThreads: 1 });
  }

  test("because the memory is not shared", () => {
    const memory = new LinearMemory({ shared: false });
    expectOneThread(memory, new ThreadPool(memory, { threads: 4 }), /^the memory is not shared/);
  });

  test("because the host has no workers", () => {
    replaceWorkers(undefined);
    const { memory, pool } = setUp({ threads: 4 });
    expectOneThread(memory, pool, /^this host has no workers$/);
  });

  test("because workers are forbidden", () => {
    function Worker(): never {
      throw new Error("access denied");
    }
    replaceWorkers(Worker);
    const { memory, pool } = setUp({ threads: 4 });
    expect(pool.threads).toBe(4);
    expectOneThread(memory, pool, /^a worker could not be started: Error: access denied$/);
  });

  test("because one is enough", () => {
    const { pool } = setUp({ threads: 1 });
    expect([pool.threads, pool.reason]).toEqual([1, undefined]);
  });
});

test("uses by default as many threads as the host can run", () => {
  expect(availableThreads()).toBeGreaterThanOrEqual(1);
  expect(setUp({}).pool.threads).toBe(availableThreads());
});

test("refuses wrong arguments", async () => {
  const { memory, pool } = setUp();
  const program = spmdProgram(memory, pool, { forward: () => {}, backward: () => {} });
  const disposed = spmdProgram(memory, pool, { run: () => {} });
  disposed.dispose();
  disposed.dispose();
  const messages = [
    () => program.run(),
    () => program.run("forward", 0),
    () => disposed.run(),
    () => new ThreadPool(memory, { threads: 0 }),
    () => new ThreadPool(memory, { threads: 1.5 }),
    () => new ThreadPool(memory, { timeout: 0 }),
  ].map(messageOf);
  await expect(disposed.ready()).rejects.toThrow("ready: the program was disposed of");
  pool.terminate();
  messages.push(...[() => program.run("forward"), () => pool.load(spmdModule(memory, pool, {}))].map(messageOf));
  expect(messages).toMatchInlineSnapshot(`
    [
      "ThreadPoolError: run: the program exports no function "run"; it has forward, backward",
      "ThreadPoolError: run: expected threads to be a positive whole number, got 0",
      "ThreadPoolError: run: the program was disposed of",
      "ThreadPoolError: ThreadPool: expected threads to be a positive whole number, got 0",
      "ThreadPoolError: ThreadPool: expected threads to be a positive whole number, got 1.5",
      "ThreadPoolError: ThreadPool: expected timeout to be a number of milliseconds between 0 and 2^31, got 0",
      "ThreadPoolError: run: the pool was terminated",
      "ThreadPoolError: load: the pool was terminated",
    ]
  `);
  pool.terminate();
  program.dispose();
});

// Where the caller may not sleep, nothing else can come in between.
test.skipIf(inPage)("refuses a run inside a run", async () => {
  const { memory, pool } = setUp();
  const program = spmdProgram(memory, pool, {
    // The worker takes long enough for the caller to sleep.
    run: ({ b, thread }) => b.if(thread, () => b.forRange(0, 3e6, 1, (i) => b.i32.atomic.store(pool.barrier.address + 320, i))),
  });
  await program.ready();
  const messages: string[] = [];
  const sleep = Atomics.wait;
  const spy = vi.spyOn(Atomics, "wait").mockImplementation((...sleeping: Parameters<typeof sleep>) => {
    messages.push(...[() => program.run(), () => program.dispose(), () => pool.terminate()].map(messageOf));
    return sleep(...sleeping);
  });
  program.run();
  spy.mockRestore();
  expect(messages.slice(0, 3)).toMatchInlineSnapshot(`
    [
      "ThreadPoolError: run: the pool is already running a program",
      "ThreadPoolError: dispose: the pool is already running a program",
      "ThreadPoolError: terminate: the pool is already running a program",
    ]
  `);
  program.run();
  expect(pool.statistics.parallelRuns).toBe(2);
  pool.terminate();
});
