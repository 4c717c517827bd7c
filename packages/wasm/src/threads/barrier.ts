import { select, type Expr } from "../assembler/expression.js";
import type { FunctionBuilder, Label } from "../assembler/function-builder.js";
import type { FunctionHandle } from "../assembler/functions.js";
import { type FieldKinds, refuseArgument, requireFields } from "../arguments.js";
import { ModuleBuilder } from "../assembler/module-builder.js";
import { i32, i64, memory } from "../assembler/operators.js";
import type { Local } from "../assembler/variables.js";
import { spinTurns } from "./spin.js";
import { common, poisonOfSilence } from "./layout.js";

/** Where the threads of a pool meet: `ThreadPool.meeting`. */
export interface MeetingPlace {
  /** Address of the words that they share. */
  readonly address: number;
  /** Whether thread 0 may sleep. The main thread of a browser may not. */
  readonly callerMaySleep: boolean;
  /** Milliseconds within which every worker begins its part of a run, or is taken for dead. */
  readonly patience: number;
}

const placeKinds: FieldKinds<MeetingPlace> = { address: "number", callerMaySleep: "boolean", patience: "number" };

/** A barrier as a function of a module: `b.call(barrier, { thread, threads })`. */
export type Barrier = FunctionHandle<{ readonly thread: "i32"; readonly threads: "i32" }, "void">;

/** Turns in a millisecond, at most, of a thread that looks without end. */
const turnsPerMillisecond = 2_000_000;

/** A count of threads, seen as unsigned. */
const all = -1;

/**
 * Defines a function that returns when all `threads` threads have called it, after which each sees what the others wrote.
 *
 * The last to arrive lets the others go, by a counter of generations, so that the barrier can be used again at once. They
 * look for a while, then sleep. When a thread has failed, the others trap here instead of waiting for it. For one thread it
 * does nothing.
 *
 * @example
 * ```ts
 * import { defineBarrier, LinearMemory, ModuleBuilder, ThreadPool } from "@nn/wasm";
 *
 * const memory = new LinearMemory();
 * const pool = new ThreadPool(memory, { threads: 2 });
 * const module = new ModuleBuilder({ memory: memory.declaration });
 * const barrier = defineBarrier(module, pool.meeting);
 * const params = { thread: "i32", threads: "i32" } as const;
 * module.function({ name: "run", params, export: true }, (b, { thread, threads }) => {
 *   // first part
 *   b.call(barrier, { thread, threads });
 *   // second part, which reads what all threads wrote in the first
 * });
 * WebAssembly.validate(module.finish()); // => true
 * ```
 */
export function defineBarrier(module: ModuleBuilder, place: MeetingPlace): Barrier {
  if (!(module instanceof ModuleBuilder)) refuseArgument("defineBarrier", "module", module, "a ModuleBuilder");
  requireFields("defineBarrier", place, placeKinds);
  const params = { thread: "i32", threads: "i32" } as const;
  return module.function({ name: "barrier", params }, (b, { thread, threads }) => {
    const { generation, poison, arrived, sleepers } = new Words(place);
    b.if(i32.le_s(threads, 1), () => b.return());
    // The generation is read before the poison: whoever poisons changes the generation after that.
    const mine = b.let(i32.atomic.load(generation));
    b.if(i32.atomic.load(poison), () => b.unreachable());
    const last = i32.eq(i32.atomic.rmw.add(arrived, 1), i32.sub(threads, 1));
    const release = (): void => {
      b.i32.atomic.store(arrived, 0);
      b.drop(i32.atomic.rmw.add(generation, 1));
      b.if(i32.atomic.load(sleepers), () => b.drop(memory.atomic.notify(generation, all)));
    };
    b.if(last, release, () => b.block((passed) => wait(b, place, passed, mine, thread)));
    b.if(i32.atomic.load(poison), () => b.unreachable());
  });
}

/** Addresses of the words that threads share. */
class Words {
  readonly generation: number;
  readonly sleepers: number;
  readonly arrived: number;
  readonly poison: number;
  readonly unclaimed: number;
  readonly vain: number;

  constructor({ address }: MeetingPlace) {
    const at = (word: number): number => address + 4 * word;
    this.generation = at(common.generation);
    this.sleepers = at(common.sleepers);
    this.arrived = at(common.arrived);
    this.poison = at(common.poison);
    this.unclaimed = at(common.unclaimed);
    this.vain = at(common.vain);
  }
}

type Code = FunctionBuilder<"void">;

/** Looks for a change of the generation, then sleeps until there is one, then goes to `passed`. */
function wait(b: Code, place: MeetingPlace, passed: Label, mine: Local<"i32">, thread: Expr<"i32">): void {
  const { generation, poison, sleepers, unclaimed, vain } = new Words(place);
  const unchanged = i32.eq(i32.atomic.load(generation), mine);
  const before = b.let(i32.load(vain));
  const turns = select(i32.and(before, spinTurns.retry - 1), i32.const(spinTurns.short), spinTurns.long);
  b.forRange(0, turns, 1, () => {
    b.if(i32.eqz(unchanged), () => {
      b.if(before, () => b.i32.store(vain, 0));
      b.br(passed);
    });
  });
  b.i32.store(vain, i32.add(before, 1));
  /** Thread 0 waits for workers that are there; it stops where one has not even begun. */
  const stopIfDeserted = (): void =>
    b.if(i32.atomic.load(unclaimed), () => {
      b.drop(i32.atomic.rmw.cmpxchg(poison, 0, poisonOfSilence));
      b.unreachable();
    });
  const look = (): void => {
    const turns = b.local("i64", 0n);
    b.while(unchanged, () => {
      b.set(turns, i64.add(turns, 1n));
      b.if(i64.gt_u(turns, BigInt(Math.ceil(place.patience * turnsPerMillisecond))), stopIfDeserted);
    });
  };
  const sleep = (): void => {
    const patience = b.let(select(i32.eqz(thread), i64.const(BigInt(Math.ceil(place.patience * 1e6))), i64.const(-1n)));
    b.while(unchanged, () => {
      b.drop(i32.atomic.rmw.add(sleepers, 1));
      const outcome = b.let(memory.atomic.wait32(generation, mine, patience));
      b.drop(i32.atomic.rmw.sub(sleepers, 1));
      b.if(i32.eq(outcome, 2), stopIfDeserted);
    });
  };
  if (place.callerMaySleep) sleep();
  else b.if(i32.eqz(thread), look, sleep);
}
