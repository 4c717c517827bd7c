import type { Expr } from "../../src/assembler/expression.js";
import type { FunctionBuilder } from "../../src/assembler/function-builder.js";
import { ModuleBuilder } from "../../src/assembler/module-builder.js";
import { i32 } from "../../src/assembler/operators.js";
import type { LinearMemory } from "../../src/memory/linear-memory.js";
import { type Barrier, defineBarrier } from "../../src/threads/barrier.js";
import type { ThreadPool, ThreadProgram } from "../../src/threads/pool.js";

/** What the body of an entry may use. */
export interface Body {
  readonly b: FunctionBuilder<"void">;
  readonly thread: Expr<"i32">;
  readonly threads: Expr<"i32">;
  /** Waits for the other threads. */
  synchronize(): void;
}

/** A module with these entries. */
export function spmdModule(
  memory: LinearMemory,
  pool: ThreadPool,
  entries: { readonly [name: string]: (body: Body) => void },
): WebAssembly.Module {
  const module = new ModuleBuilder({ memory: memory.declaration });
  const barrier: Barrier | undefined = memory.shared ? defineBarrier(module, pool.barrier) : undefined;
  for (const [name, write] of Object.entries(entries)) {
    const params = { thread: "i32", threads: "i32" } as const;
    module.function({ name, params, export: true }, (b, { thread, threads }) => {
      const synchronize = (): void => {
        if (barrier !== undefined) b.call(barrier, { thread, threads });
      };
      write({ b, thread, threads, synchronize });
    });
  }
  return new WebAssembly.Module(module.finish());
}

/** The same, loaded. */
export function spmdProgram(memory: LinearMemory, pool: ThreadPool, entries: Parameters<typeof spmdModule>[2]): ThreadProgram {
  return pool.load(spmdModule(memory, pool, entries));
}

/** Writes the numbers from 0 to `count` - 1, each thread its part. */
export function writeNumbers(address: number, count: number): (body: Body) => void {
  return ({ b, thread, threads }) => {
    const part = (of: Expr<"i32">): Expr<"i32"> => i32.div_u(i32.mul(of, count), threads);
    const start = b.let(part(thread));
    const end = b.let(part(i32.add(thread, 1)));
    b.forRange(start, end, 1, (i) => b.i32.store(i32.shl(i, 2), i, { offset: address }));
  };
}

/** Adds 1 to the thread's own number. */
export function countRuns(address: number): (body: Body) => void {
  return ({ b, thread }) => {
    const position = b.let(i32.shl(thread, 2));
    b.i32.store(position, i32.add(i32.load(position, { offset: address }), 1), { offset: address });
  };
}
