import { select, type Expr } from "../assembler/expression.js";
import type { FunctionBuilder, Label } from "../assembler/function-builder.js";
import type { FunctionHandle } from "../assembler/functions.js";
import { type FieldKinds, refuseArgument, requireFields } from "../arguments.js";
import { ModuleBuilder } from "../assembler/module-builder.js";
import { i32, i64, memory } from "../assembler/operators.js";
import type { Local } from "../assembler/variables.js";
import { spinReads } from "./spin.js";
import { abortedByTimeout, common } from "./layout.js";

/** What the threads of a pool share in order to wait for one another: `ThreadPool.barrier`. */
export interface BarrierState {
  /** Address of the shared words. */
  readonly address: number;
  /** Whether thread 0 may sleep. The main thread of a browser may not. */
  readonly callerMaySleep: boolean;
  /** Milliseconds within which every worker must begin its part of a run; one that does not counts as dead. */
  readonly timeout: number;
}

const stateKinds: FieldKinds<BarrierState> = { address: "number", callerMaySleep: "boolean", timeout: "number" };

/** A barrier as a function of a module: `b.call(barrier, { thread, threads })`. */
export type Barrier = FunctionHandle<{ readonly thread: "i32"; readonly threads: "i32" }, "void">;

/** The most iterations of a spinning thread in a millisecond. */
const readsPerMillisecond = 2_000_000;

/** The largest count of threads: `notify` takes it as unsigned. */
const all = -1;

/**
 * Defines a function that returns when all `threads` threads have called it. After that, each thread sees what the others wrote.
 *
 * The last thread to arrive releases the others by incrementing a generation counter, so that the barrier can be used again at once.
 * The others spin for a while, then sleep. When a thread has failed, the others trap here instead of waiting for it. With one thread it
 * does nothing.
 *
 * @example
 * ```ts
 * import { defineBarrier, LinearMemory, ModuleBuilder, ThreadPool } from "@nn/wasm";
 *
 * const memory = new LinearMemory();
 * const pool = new ThreadPool(memory, { threads: 2 });
 * const module = new ModuleBuilder({ memory: memory.declaration });
 * const barrier = defineBarrier(module, pool.barrier);
 * const params = { thread: "i32", threads: "i32" } as const;
 * module.function({ name: "run", params, export: true }, (b, { thread, threads }) => {
 *   // first part
 *   b.call(barrier, { thread, threads });
 *   // second part, which reads what all threads wrote in the first
 * });
 * WebAssembly.validate(module.finish()); // => true
 * ```
 */
export function defineBarrier(module: ModuleBuilder, state: BarrierState): Barrier {
  if (!(module instanceof ModuleBuilder)) refuseArgument("defineBarrier", "module", module, "a ModuleBuilder");
  requireFields("defineBarrier", state, stateKinds);
  const { address, timeout } = state;
  if (!(address >= 0 && address < 2 ** 32 && address % 4 === 0)) refuseArgument("defineBarrier", "address", address, "a multiple of 4 within 4 GiB");
  if (!(timeout >= 0 && timeout < Infinity)) refuseArgument("defineBarrier", "timeout", timeout, "a number of milliseconds, at least 0");
  const params = { thread: "i32", threads: "i32" } as const;
  return module.function({ name: "barrier", params }, (b, { thread, threads }) => {
    const { generation, abort, arrived, sleepers } = new Words(state);
    b.if(i32.le_s(threads, 1), () => b.return());
    // The generation is read before the abort flag: a failing thread sets the flag first, then changes the generation.
    const mine = b.let(i32.atomic.load(generation));
    b.if(i32.atomic.load(abort), () => b.unreachable());
    const last = i32.eq(i32.atomic.rmw.add(arrived, 1), i32.sub(threads, 1));
    const release = (): void => {
      b.i32.atomic.store(arrived, 0);
      b.drop(i32.atomic.rmw.add(generation, 1));
      b.if(i32.atomic.load(sleepers), () => b.drop(memory.atomic.notify(generation, all)));
    };
    b.if(last, release, () => b.block((passed) => wait(b, state, passed, mine, thread)));
    b.if(i32.atomic.load(abort), () => b.unreachable());
  });
}

/** Addresses of the words that threads share. */
class Words {
  readonly generation: number;
  readonly sleepers: number;
  readonly arrived: number;
  readonly abort: number;
  readonly unclaimed: number;
  readonly missedSpins: number;

  constructor({ address }: BarrierState) {
    const at = (word: number): number => address + 4 * word;
    this.generation = at(common.generation);
    this.sleepers = at(common.sleepers);
    this.arrived = at(common.arrived);
    this.abort = at(common.abort);
    this.unclaimed = at(common.unclaimed);
    this.missedSpins = at(common.missedSpins);
  }
}

type Code = FunctionBuilder<"void">;

/** Spins until the generation changes, then sleeps until it does, then goes to `passed`. */
function wait(b: Code, state: BarrierState, passed: Label, mine: Local<"i32">, thread: Expr<"i32">): void {
  const { generation, abort, sleepers, unclaimed, missedSpins } = new Words(state);
  const unchanged = i32.eq(i32.atomic.load(generation), mine);
  const before = b.let(i32.load(missedSpins));
  const reads = select(i32.and(before, spinReads.retry - 1), i32.const(spinReads.short), spinReads.long);
  b.forRange(0, reads, 1, () => {
    b.if(i32.eqz(unchanged), () => {
      b.if(before, () => b.i32.store(missedSpins, 0));
      b.br(passed);
    });
  });
  b.i32.store(missedSpins, i32.add(before, 1));
  /** Thread 0 stops waiting if a worker does not begin its part in time. */
  const stopIfTimedOut = (): void =>
    b.if(i32.atomic.load(unclaimed), () => {
      b.drop(i32.atomic.rmw.cmpxchg(abort, 0, abortedByTimeout));
      b.unreachable();
    });
  const spin = (): void => {
    const reads = b.local("i64", 0n);
    b.while(unchanged, () => {
      b.set(reads, i64.add(reads, 1n));
      b.if(i64.gt_u(reads, BigInt(Math.ceil(state.timeout * readsPerMillisecond))), stopIfTimedOut);
    });
  };
  const sleep = (): void => {
    const timeout = b.let(select(i32.eqz(thread), i64.const(BigInt(Math.ceil(state.timeout * 1e6))), i64.const(-1n)));
    b.while(unchanged, () => {
      b.drop(i32.atomic.rmw.add(sleepers, 1));
      const outcome = b.let(memory.atomic.wait32(generation, mine, timeout));
      b.drop(i32.atomic.rmw.sub(sleepers, 1));
      b.if(i32.eq(outcome, 2), stopIfTimedOut);
    });
  };
  if (state.callerMaySleep) sleep();
  else b.if(i32.eqz(thread), spin, sleep);
}
