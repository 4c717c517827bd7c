import { type FieldKinds, refuseArgument, requireFields } from "../arguments.js";
import { LinearMemory } from "../memory/linear-memory.js";
import type { BarrierState } from "./barrier.js";
import type { ProgramImports } from "./imports.js";
import { type Loadable, TeamMember, type Team } from "./team-member.js";
import { describeTrap, ThreadPoolError, ThreadTrapError, trapText } from "./errors.js";
import { availableThreads, maySleep, type StartWorker, workerStarter } from "./host.js";
import { abortedByTimeout, common } from "./layout.js";
import { type Spin, spinModule } from "./spin.js";

/** Options of a thread pool. */
export interface ThreadPoolOptions {
  /** The most threads that a run may use, including the calling thread. Default: as many as the host can run at the same time. */
  readonly threads?: number;
  /** Milliseconds within which a worker must begin its part of a run. One that does not counts as dead and is replaced. Default 30,000. */
  readonly timeout?: number;
}

const optionKinds: FieldKinds<ThreadPoolOptions> = { threads: "number | undefined", timeout: "number | undefined" };

/** Statistics of a thread pool. */
export interface ThreadPoolStatistics {
  /** The number of running workers. */
  readonly workers: number;
  /** The number of workers that have been started, including those that were replaced. */
  readonly startedWorkers: number;
  /** The number of loaded programs. */
  readonly programs: number;
  /** The number of runs, and of runs with more than one thread. */
  readonly runs: number;
  readonly parallelRuns: number;
  /** The number of threads of the latest run. */
  readonly latestThreads: number;
}

/** A program that all threads can run: `ThreadPool.load`. */
export interface ThreadProgram {
  /**
   * Calls the exported function `entry`(thread, threads) on every thread, from 0, the calling thread, to `threads` - 1. It returns when
   * all have returned. It never waits for a worker to start: until then, fewer threads take part. The first time, the calling thread runs
   * the program alone.
   *
   * @param entry - the name of the function. Default "run".
   * @param threads - the number of threads. Default, and maximum: as many as the pool has.
   * @throws ThreadTrapError that says which thread trapped, and why. The others have stopped by then.
   * @throws ThreadPoolError if the pool is already running a program or was terminated, or the program was disposed of.
   */
  run(entry?: string, threads?: number): void;
  /**
   * Starts the workers that a run with `threads` threads needs and loads the program into them. Resolves to the number of threads that
   * can then take part.
   */
  ready(threads?: number): Promise<number>;
  /** Releases the program in all threads. */
  dispose(): void;
}

type Entry = (thread: number, threads: number) => void;

interface LoadedProgram extends Loadable {
  /** The names of the exports in order. Threads refer to exports by their index. */
  readonly names: readonly string[];
  readonly entries: readonly unknown[];
  /** Whether workers load it: from the second run on, because a single run is not worth starting a worker. */
  shared: boolean;
}

const pollMilliseconds = 2;

/**
 * Threads that run the same WebAssembly program on one shared memory. Each does its part of the work.
 *
 * Workers (`worker_threads`, or `Worker` in browsers) start when a program runs for the second time. Until they are ready, runs use
 * fewer threads, so a program must give the same result with any number of them. Between runs, workers spin for some microseconds and
 * then sleep. A run posts no messages. Workers do not keep a process alive.
 *
 * If there can be no other threads, `threads` is 1, and `reason` says why.
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
  readonly #timeout: number;
  readonly #start: StartWorker | undefined;
  readonly #address: number;
  readonly #words: Int32Array;
  readonly #callerMaySleep: boolean;
  readonly #programs = new Set<number>();
  #reason: string | undefined;
  #team: Team | undefined;
  /** Threads 1, 2, …. */
  #members: TeamMember[] = [];
  #running = false;
  #terminated = false;
  #nextProgram = 0;
  #started = 0;
  #runs = 0;
  #parallelRuns = 0;
  #latestThreads = 0;

  /** @throws ThreadPoolError unless `threads` is a positive whole number and `timeout` is positive. */
  constructor(memory: LinearMemory, options: ThreadPoolOptions = {}) {
    if (!(memory instanceof LinearMemory)) refuseArgument("ThreadPool", "memory", memory, "a LinearMemory");
    requireFields("ThreadPool", options, optionKinds);
    const { threads = availableThreads(), timeout = 30_000 } = options;
    if (!Number.isInteger(threads) || threads < 1) {
      throw new ThreadPoolError(`ThreadPool: expected threads to be a positive whole number, got ${threads}`);
    }
    if (!(timeout > 0 && timeout < 2 ** 31)) {
      throw new ThreadPoolError(`ThreadPool: expected timeout to be a number of milliseconds between 0 and 2^31, got ${timeout}`);
    }
    this.#memory = memory;
    this.#limit = threads;
    this.#timeout = timeout;
    this.#start = workerStarter();
    if (!memory.shared) this.#reason = "the memory is not shared (see wasmFeatures().threads)";
    else if (this.#start === undefined) this.#reason = "this host has no workers";
    this.#callerMaySleep = memory.shared && maySleep();
    this.#address = memory.allocate(4 * common.words);
    this.#words = memory.i32(this.#address, common.words).fill(0);
  }

  /** The most threads that a run can use; 1 if there can be no others. */
  get threads(): number {
    return this.#reason === undefined ? this.#limit : 1;
  }

  /** Why there is only one thread although more were requested; `undefined` otherwise. */
  get reason(): string | undefined {
    return this.#limit === 1 ? undefined : this.#reason;
  }

  /** The state of a barrier between the threads of a program, for `defineBarrier`. */
  get barrier(): BarrierState {
    return { address: this.#address, callerMaySleep: this.#callerMaySleep, timeout: this.#timeout };
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

  /** Makes a program from a module that imports the memory, and `imports` if there are some. Workers load it before they first run it. */
  load(module: WebAssembly.Module, imports?: ProgramImports): ThreadProgram {
    this.#checkAlive("load");
    const { exports } = new WebAssembly.Instance(module, { env: { ...this.#memory.imports.env }, ...imports?.here });
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    const entries = names.map((name) => exports[name]);
    const program: LoadedProgram = { id: this.#nextProgram++, module, imports, names, entries, shared: false };
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
      this.#abort(1);
    }
    for (let thread = 1; thread < threads; thread++) {
      const timedOut = Atomics.load(words, common.abort) === abortedByTimeout;
      if (this.#members[thread - 1]?.collect(timedOut ? 0 : this.#timeout) === false) this.#abort(thread + 1);
    }
    if (Atomics.load(words, common.abort) !== 0) throw this.#failureOf(names[entryAt] ?? "", threads, cause);
  }

  /** Stops the threads that wait at a barrier, and those that will. */
  #abort(value: number): void {
    const words = this.#words;
    Atomics.compareExchange(words, common.abort, 0, value);
    Atomics.add(words, common.generation, 1);
    Atomics.notify(words, common.generation);
  }

  /** The error of a run. Called when all threads have left it. Resets the shared words for the next run. */
  #failureOf(name: string, threads: number, cause: unknown): ThreadTrapError {
    const words = this.#words;
    const silent = this.#members.slice(0, threads - 1).findIndex(({ failure }) => failure !== undefined) + 1;
    const abort = words[common.abort] ?? 0;
    const thread = abort === abortedByTimeout ? silent : abort - 1;
    words[common.abort] = 0;
    words[common.arrived] = 0;
    words[common.sleepers] = 0;
    const failed = this.#members[thread - 1];
    const text = failed === undefined ? trapText(cause) : failed.trapText;
    const what = failed?.failure === undefined ? describeTrap(name, text) : `failed: ${failed.failure}`;
    const origin = failed === undefined ? cause : text;
    return new ThreadTrapError(`run: thread ${thread} of ${threads} ${what}`, thread, threads, origin);
  }

  /** How many threads can run `program` now, up to `threads`. If there are fewer, it starts workers or loads the program into them. */
  #widthFor(program: LoadedProgram, threads: number): number {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new ThreadPoolError(`run: expected threads to be a positive whole number, got ${threads}`);
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

  /** The worker for a thread. Starts one if there is none or if it has ended. */
  #member(thread: number): TeamMember | undefined {
    const member = this.#members[thread - 1];
    if (member !== undefined && member.failure === undefined) return member;
    if (member !== undefined) {
      member.end();
      if (!member.started) this.#reason = `a worker could not be started: ${member.failure ?? ""}`;
    }
    if (this.#reason !== undefined || this.#start === undefined) return undefined;
    try {
      const started = new TeamMember((this.#team ??= this.#makeTeam()), thread, this.#start);
      this.#members[thread - 1] = started;
      this.#started++;
      return started;
    } catch (error) {
      this.#reason = `a worker could not be started: ${String(error)}`;
      return undefined;
    }
  }

  #makeTeam(): Team {
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
      timeout: this.#timeout,
    };
  }

  async #ready(program: LoadedProgram, threads: number): Promise<number> {
    const deadline = performance.now() + this.#timeout;
    program.shared = true;
    for (;;) {
      this.#checkLoaded("ready", program);
      const width = this.#widthFor(program, threads);
      if (width >= Math.min(threads, this.threads) || performance.now() > deadline) return width;
      // A timer keeps the process alive while a caller waits here.
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
    if (this.#running) throw new ThreadPoolError(`${operation}: the pool is already running a program`);
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
