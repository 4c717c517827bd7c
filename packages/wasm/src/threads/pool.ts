import { type FieldKinds, refuseArgument, requireFields } from "../arguments.js";
import { LinearMemory } from "../memory/linear-memory.js";
import type { MeetingPlace } from "./barrier.js";
import { CrewMember, type Crew, type Loadable } from "./crew-member.js";
import { describeTrap, ThreadPoolError, ThreadTrapError, trapText } from "./errors.js";
import { availableThreads, maySleep, type StartWorker, workerStarter } from "./host.js";
import { common, poisonOfSilence } from "./layout.js";
import { type Spin, spinModule } from "./spin.js";

/** Options of a thread pool. */
export interface ThreadPoolOptions {
  /** The most threads that a run may use, the caller's included. Default: what the host can run at the same time. */
  readonly threads?: number;
  /** Milliseconds within which a worker must begin what it is offered, or is taken for dead and replaced. Default 30,000. */
  readonly patience?: number;
}

const optionKinds: FieldKinds<ThreadPoolOptions> = { threads: "number | undefined", patience: "number | undefined" };

/** Figures of a thread pool. */
export interface ThreadPoolStatistics {
  /** Workers that were started and have not ended. */
  readonly workers: number;
  /** Workers that were started altogether: more than the above if some were replaced. */
  readonly startedWorkers: number;
  /** Programs that are loaded. */
  readonly programs: number;
  /** Runs so far, and those of them that more than one thread took part in. */
  readonly runs: number;
  readonly parallelRuns: number;
  /** How many threads took part in the latest run. */
  readonly latestThreads: number;
}

/** A program that all threads can run: `ThreadPool.load`. */
export interface ThreadProgram {
  /**
   * Calls the exported function `entry`(thread, threads) on every thread from 0, the caller's, to `threads` - 1, and returns
   * when all have returned. Where workers are not there yet, fewer threads take part; it never waits for one to start. The
   * first run of a program is the caller's alone.
   *
   * @param entry - Default "run".
   * @param threads - Default: as many as the pool has, which is also the most.
   * @throws ThreadTrapError if a thread traps: it says which and why. The others have stopped when it is thrown.
   * @throws ThreadPoolError if the pool is running something already, or was terminated, or the program was disposed of.
   */
  run(entry?: string, threads?: number): void;
  /**
   * Starts as many workers as a run with `threads` threads wants and hands the program to them; how many threads can take
   * part, when that is done.
   */
  ready(threads?: number): Promise<number>;
  /** Releases the program in all threads. */
  dispose(): void;
}

type Entry = (thread: number, threads: number) => void;

interface LoadedProgram extends Loadable {
  /** The exports in order, as every thread numbers them. */
  readonly names: readonly string[];
  readonly entries: readonly unknown[];
  /** Whether workers are to have it: not before it is run a second time, since what is run once is not worth a worker. */
  shared: boolean;
}

const pollMilliseconds = 2;

/**
 * Threads that run the same WebAssembly program over one shared memory, each its part of it.
 *
 * Workers (`worker_threads`, or `Worker` in browsers) are started when a program is run a second time, and until they are
 * there runs use the threads that are: a program must give the same result with any number. Between runs they look for work
 * for some microseconds and then sleep; a run costs no message. They do not keep a process alive.
 *
 * Where there can be no threads, `threads` is 1 and `reason` says why.
 *
 * @example
 * ```ts
 * import { i32, LinearMemory, ModuleBuilder, ThreadPool } from "@nn/wasm";
 *
 * const memory = new LinearMemory();
 * const numbers = memory.allocate(4 * 1000);
 * const module = new ModuleBuilder({ memory: memory.declaration });
 * const params = { thread: "i32", threads: "i32" } as const;
 * // Each thread writes its part of the numbers from 0 to 999.
 * module.function({ name: "run", params, export: true }, (b, { thread, threads }) => {
 *   const start = b.let(i32.div_u(i32.mul(thread, 1000), threads));
 *   const end = b.let(i32.div_u(i32.mul(i32.add(thread, 1), 1000), threads));
 *   b.forRange(start, end, 1, (i) => b.i32.store(i32.shl(i, 2), i, { offset: numbers }));
 * });
 *
 * const pool = new ThreadPool(memory, { threads: 2 });
 * const program = pool.load(new WebAssembly.Module(module.finish()));
 * program.run();
 * memory.i32(numbers, 1000)[999]; // => 999
 * ```
 */
export class ThreadPool {
  readonly #memory: LinearMemory;
  readonly #limit: number;
  readonly #patience: number;
  readonly #start: StartWorker | undefined;
  readonly #address: number;
  readonly #words: Int32Array;
  readonly #callerMaySleep: boolean;
  readonly #programs = new Set<number>();
  #reason: string | undefined;
  #crew: Crew | undefined;
  /** Thread 1 and following. */
  #members: CrewMember[] = [];
  #running = false;
  #terminated = false;
  #nextProgram = 0;
  #started = 0;
  #runs = 0;
  #parallelRuns = 0;
  #latestThreads = 0;

  /** @throws ThreadPoolError unless `threads` is a whole number from 1 on and `patience` is positive. */
  constructor(memory: LinearMemory, options: ThreadPoolOptions = {}) {
    if (!(memory instanceof LinearMemory)) refuseArgument("ThreadPool", "memory", memory, "a LinearMemory");
    requireFields("ThreadPool", options, optionKinds);
    const { threads = availableThreads(), patience = 30_000 } = options;
    if (!Number.isInteger(threads) || threads < 1) {
      throw new ThreadPoolError(`ThreadPool: expected threads to be a whole number from 1 on, got ${threads}`);
    }
    if (!(patience > 0 && patience < 2 ** 31)) {
      throw new ThreadPoolError(`ThreadPool: expected patience to be milliseconds between 0 and 2^31, got ${patience}`);
    }
    this.#memory = memory;
    this.#limit = threads;
    this.#patience = patience;
    this.#start = workerStarter();
    if (!memory.shared) this.#reason = "the memory is not shared (see wasmFeatures().threads)";
    else if (this.#start === undefined) this.#reason = "this host has no workers";
    this.#callerMaySleep = memory.shared && maySleep();
    this.#address = memory.allocate(4 * common.words);
    this.#words = memory.i32(this.#address, common.words).fill(0);
  }

  /** The most threads that a run can use: 1 where there can be no others. */
  get threads(): number {
    return this.#reason === undefined ? this.#limit : 1;
  }

  /** Why there is only one thread although more were asked for; else `undefined`. */
  get reason(): string | undefined {
    return this.#limit === 1 ? undefined : this.#reason;
  }

  /** Where the threads of a program meet: for `defineBarrier`. */
  get meeting(): MeetingPlace {
    return { address: this.#address, callerMaySleep: this.#callerMaySleep, patience: this.#patience };
  }

  get statistics(): ThreadPoolStatistics {
    return {
      workers: this.#members.filter(({ failure }) => failure === undefined).length,
      startedWorkers: this.#started,
      programs: this.#programs.size,
      runs: this.#runs,
      parallelRuns: this.#parallelRuns,
      latestThreads: this.#latestThreads,
    };
  }

  /** Makes a program of a module that imports nothing but the memory. Workers get it when they first run it. */
  load(module: WebAssembly.Module): ThreadProgram {
    this.#checkAlive("load");
    const { exports } = new WebAssembly.Instance(module, { env: { ...this.#memory.imports.env } });
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    const entries = names.map((name) => exports[name]);
    const program: LoadedProgram = { id: this.#nextProgram++, module, names, entries, shared: false };
    this.#programs.add(program.id);
    return {
      run: (entry = "run", threads = this.#limit) => this.#run(program, entry, threads),
      ready: (threads = this.#limit) => this.#ready(program, threads),
      dispose: () => this.#dispose(program.id),
    };
  }

  /** Ends all workers. Programs cannot be run any more. */
  terminate(): void {
    this.#checkIdle("terminate");
    this.#terminated = true;
    this.#programs.clear();
    for (const member of this.#members.splice(0)) member.end();
  }

  #run(program: LoadedProgram, name: string, threads: number): void {
    this.#checkIdle("run");
    this.#checkLoaded("run", program);
    const at = program.names.indexOf(name);
    const entry = program.entries[at];
    if (!isEntry(entry)) {
      throw new ThreadPoolError(`run: the program exports no function "${name}"; it has ${program.names.join(", ")}`);
    }
    const width = this.#widthFor(program, threads);
    program.shared = true;
    this.#runs++;
    this.#latestThreads = width;
    this.#running = true;
    try {
      if (width === 1) this.#runAlone(name, entry);
      else this.#runTogether(program, at, entry, width);
    } finally {
      this.#running = false;
    }
  }

  #runAlone(name: string, entry: Entry): void {
    try {
      entry(0, 1);
    } catch (cause) {
      throw new ThreadTrapError(`run: thread 0 of 1 ${describeTrap(name, trapText(cause))}`, 0, 1, cause);
    }
  }

  #runTogether({ id, names }: LoadedProgram, entryAt: number, entry: Entry, threads: number): void {
    this.#parallelRuns++;
    const words = this.#words;
    words[common.program] = id;
    words[common.entry] = entryAt;
    words[common.threads] = threads;
    Atomics.store(words, common.unclaimed, threads - 1);
    for (let thread = 1; thread < threads; thread++) this.#members[thread - 1]?.offer();
    let cause: unknown;
    try {
      entry(0, threads);
    } catch (error) {
      cause = error;
      this.#poison(1);
    }
    for (let thread = 1; thread < threads; thread++) {
      const deserted = Atomics.load(words, common.poison) === poisonOfSilence;
      if (this.#members[thread - 1]?.collect(deserted ? 0 : this.#patience) === false) this.#poison(thread + 1);
    }
    if (Atomics.load(words, common.poison) !== 0) throw this.#failureOf(names[entryAt] ?? "", threads, cause);
  }

  /** Lets the threads stop that wait for others at a barrier, or will. */
  #poison(value: number): void {
    const words = this.#words;
    Atomics.compareExchange(words, common.poison, 0, value);
    Atomics.add(words, common.generation, 1);
    Atomics.notify(words, common.generation);
  }

  /** What went wrong in the run that all threads have left; the next can begin. */
  #failureOf(name: string, threads: number, cause: unknown): ThreadTrapError {
    const words = this.#words;
    const silent = this.#members.slice(0, threads - 1).findIndex(({ failure }) => failure !== undefined) + 1;
    const poison = words[common.poison] ?? 0;
    const thread = poison === poisonOfSilence ? silent : poison - 1;
    words[common.poison] = 0;
    words[common.arrived] = 0;
    words[common.sleepers] = 0;
    const failed = this.#members[thread - 1];
    const text = failed === undefined ? trapText(cause) : failed.trapText;
    const what = failed?.failure === undefined ? describeTrap(name, text) : `failed: ${failed.failure}`;
    const origin = failed === undefined ? cause : text;
    return new ThreadTrapError(`run: thread ${thread} of ${threads} ${what}`, thread, threads, origin);
  }

  /** How many threads can run `program` now, up to `threads`. What is missing for more is set on its way. */
  #widthFor(program: LoadedProgram, threads: number): number {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new ThreadPoolError(`run: expected threads to be a whole number from 1 on, got ${threads}`);
    }
    const wanted = Math.min(threads, this.threads);
    if (wanted === 1 || !program.shared) return 1;
    let width = 1;
    for (let thread = 1; thread < wanted; thread++) {
      const ready = this.#member(thread)?.isReadyFor(program) === true;
      if (ready && width === thread) width++;
    }
    return width;
  }

  /** The worker for a thread, which is started if there is none, or the one that there was has ended. */
  #member(thread: number): CrewMember | undefined {
    const member = this.#members[thread - 1];
    if (member !== undefined && member.failure === undefined) return member;
    if (member !== undefined) {
      member.end();
      if (!member.started) this.#reason = `a worker could not be started: ${member.failure ?? ""}`;
    }
    if (this.#reason !== undefined || this.#start === undefined) return undefined;
    try {
      const started = new CrewMember((this.#crew ??= this.#makeCrew()), thread, this.#start);
      this.#members[thread - 1] = started;
      this.#started++;
      return started;
    } catch (error) {
      this.#reason = `a worker could not be started: ${String(error)}`;
      return undefined;
    }
  }

  #makeCrew(): Crew {
    const module = spinModule(this.#memory);
    const { untilEqual } = new WebAssembly.Instance(module, { env: { ...this.#memory.imports.env } }).exports;
    if (!isSpin(untilEqual)) throw new ThreadPoolError("the module has no function untilEqual");
    return {
      memory: this.#memory,
      words: this.#words,
      address: this.#address,
      spinModule: module,
      untilEqual,
      callerMaySleep: this.#callerMaySleep,
      patience: this.#patience,
    };
  }

  async #ready(program: LoadedProgram, threads: number): Promise<number> {
    const deadline = performance.now() + this.#patience;
    program.shared = true;
    for (;;) {
      this.#checkLoaded("ready", program);
      const width = this.#widthFor(program, threads);
      if (width >= Math.min(threads, this.threads) || performance.now() > deadline) return width;
      // A timer keeps the process alive for as long as somebody waits here.
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  }

  #dispose(program: number): void {
    this.#checkIdle("dispose");
    if (!this.#programs.delete(program)) return;
    for (const member of this.#members) member.unload(program);
  }

  #checkLoaded(operation: string, { id }: LoadedProgram): void {
    this.#checkAlive(operation);
    if (!this.#programs.has(id)) throw new ThreadPoolError(`${operation}: the program was disposed of`);
  }

  #checkIdle(operation: string): void {
    if (this.#running) throw new ThreadPoolError(`${operation}: the pool is in the middle of a run`);
  }

  #checkAlive(operation: string): void {
    if (this.#terminated) throw new ThreadPoolError(`${operation}: the pool was terminated`);
  }
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "function";
}

function isSpin(value: unknown): value is Spin {
  return typeof value === "function";
}
