import type { DType } from "@nn/tensor";
import { i32, LinearMemory, ModuleBuilder } from "@nn/wasm";
import type { EmitContext } from "../../src/emit/context.js";
import type { Code } from "../../src/emit/lanes.js";
import { emitLoop } from "../../src/emit/loop.js";
import { allFeatures } from "../../src/features/all-features.js";
import { targetOf } from "../../src/features/target.js";
import type { Affine } from "../../src/ir/affine.js";
import { loadsOf, type Buffer, type ElementwisePrimitive, type LoopKernel, type Store, type Value } from "../../src/ir/program.js";
import { viewOf } from "../../src/runtime/engine.js";

let buffers = 0;

export const buffer = (dtype: DType, ...shape: readonly number[]): Buffer => ({ id: buffers++, shape, dtype, role: { kind: "temporary" } });
export const map = (offset: number, ...coefficients: readonly number[]): Affine => ({ offset, coefficients });
export const load = (from: Buffer, at: Affine): Value => ({ kind: "load", dtype: from.dtype, buffer: from, at });
export const constant = (value: number, dtype: DType = "float32"): Value => ({ kind: "constant", dtype, value });
export const apply = (primitive: ElementwisePrimitive, dtype: DType, ...inputs: readonly Value[]): Value =>
  ({ kind: "apply", dtype, primitive, inputs, scalarFunction: undefined, fault: undefined });
export const reduce = (reduction: "sum" | "prod" | "max" | "min", input: Value): Value => ({ kind: "reduce", dtype: input.dtype, reduction, input });
export const loopOver = (domain: readonly number[], reduced: readonly boolean[], ...stores: readonly Store[]): LoopKernel => ({ kind: "loop", domain, reduced, stores, label: "test" });

const sizeOf = ({ shape }: Buffer): number => shape.reduce((product, size) => product * size, 1);

/** What a kernel computes. */
export interface Run {
  readonly of: (buffer: Buffer) => readonly number[];
  /** What was reported before a trap: number of the fault + 1, and two whole numbers. */
  readonly fault: readonly number[];
}

/** Emits code with a context for these buffers, and runs it as each of the threads, one after the other. What is not an input is full of 99. */
export function runCode(all: readonly Buffer[], emit: (b: Code, context: EmitContext) => void, inputs: ReadonlyMap<Buffer, readonly number[]>, ran: readonly number[] = [0], threads = 1): Run {
  const memory = new LinearMemory({ shared: false });
  const fault = memory.allocate(16);
  memory.i32(fault, 4).fill(0);
  const addresses = new Map(all.map((each) => [each, memory.allocate(sizeOf(each) * 8 + 16)]));
  const addressOf = (each: Buffer): number => addresses.get(each) ?? NaN;
  for (const each of all) {
    const view = viewOf(memory, each.dtype, addressOf(each), sizeOf(each)).fill(each.dtype === "bool" ? 1 : 99);
    view.set(inputs.get(each) ?? []);
  }
  const module = new ModuleBuilder({ memory: memory.declaration });
  module.function({ name: "run", params: { thread: "i32", threads: "i32" }, export: true }, (b, { thread, threads: count }) =>
    emit(b, {
      code: targetOf(allFeatures),
      imported: undefined,
      locate: (each) => ({ base: undefined, offset: addressOf(each) }),
      failIf(code, condition, { id }, x, y) {
        code.if(condition, () => {
          [i32.const(id + 1), x, y].forEach((value, word) => code.i32.store(fault + 4 * word, value));
          code.unreachable();
        });
      },
      thread,
      threads: count,
    }));
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { ...memory.imports.env } }).exports;
  if (typeof run !== "function") throw new Error("nothing was exported");
  try {
    for (const thread of ran) run(thread, threads);
  } catch (error) {
    if (memory.i32(fault, 1)[0] === 0) throw error;
  }
  return { of: (each) => Array.from<number>(viewOf(memory, each.dtype, addressOf(each), sizeOf(each))), fault: [...memory.i32(fault, 3)] };
}

/** Emits a loop kernel and runs it. */
export function runLoop(kernel: LoopKernel, inputs: ReadonlyMap<Buffer, readonly number[]>, ran?: readonly number[], threads?: number): Run {
  const all = new Set([...loadsOf(kernel), ...kernel.stores.map((store) => store.buffer), ...inputs.keys()]);
  return runCode([...all], (b, context) => emitLoop(b, kernel, context, false), inputs, ran, threads);
}
