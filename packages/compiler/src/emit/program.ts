import { i32, ModuleBuilder, type Expr, type FunctionHandle, type LinearMemory } from "@nn/wasm";
import { emitLoop, PointEmitter } from "./loop.js";
import type { Surroundings } from "./values.js";
import type { Buffer, Kernel, OpaqueKernel, OpaquePrimitive } from "../program.js";
import type { Code } from "./lanes.js";
import { opaqueEmitters } from "./opaque/table.js";

/** What emitting needs to know of the memory that the program will run in. */
export interface Placement {
  readonly memory: LinearMemory;
  addressOf(buffer: Buffer): number;
  /** Where the scratch memory of a kernel begins. */
  scratchOf(kernel: Kernel): number;
  /** Where a kernel writes the index that was out of range, and the size that it exceeds, before it traps. */
  readonly faultAddress: number;
}

/** How a program may be emitted. */
export interface EmitOptions {
  /** Whether multiplication and addition may be rounded once together. */
  readonly relaxedSimd: boolean;
  /** Writes what threads do between two kernels: wait until all have come so far. */
  readonly barrier: ((b: Code) => void) | undefined;
}

type KernelFunction = FunctionHandle<{ readonly thread: "i32"; readonly threads: "i32" }, "void">;

/**
 * The WebAssembly module of a program. It exports `run(thread, threads)`, which every thread calls and which executes all kernels
 * in order, and each kernel under the name `kernel0`, `kernel1`, …, for profiles.
 */
export function emitProgram(kernels: readonly Kernel[], placement: Placement, options: EmitOptions): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory: placement.memory.declaration });
  const params = { thread: "i32", threads: "i32" } as const;
  const functions = kernels.map((kernel, at): KernelFunction => {
    return module.function({ name: `kernel${at}`, params, export: true }, (b, { thread, threads }) => {
      const around = surroundings(placement, thread, threads);
      if (kernel.kind === "loop") emitLoop(b, kernel, around);
      else emitOpaque(b, kernel, { ...around, scratchAddress: placement.scratchOf(kernel) }, options);
    });
  });
  module.function({ name: "run", params, export: true }, (b, { thread, threads }) => {
    functions.forEach((kernel, at) => {
      if (at > 0) options.barrier?.(b);
      b.call(kernel, { thread, threads });
    });
  });
  return module.finish();
}

function emitOpaque<P extends OpaquePrimitive>(b: Code, kernel: OpaqueKernel<P>, around: Surroundings & { readonly scratchAddress: number }, options: EmitOptions): void {
  const emitter = opaqueEmitters[kernel.primitive];
  const point = kernel.epilogue === undefined ? undefined : new PointEmitter(b, kernel.epilogue, around);
  emitter(b, kernel, { ...around, relaxedSimd: options.relaxedSimd, point });
}

function surroundings({ addressOf, faultAddress }: Placement, thread: Expr<"i32">, threads: Expr<"i32">): Surroundings {
  return {
    addressOf,
    thread,
    threads,
    reportIndex(b, index, size) {
      b.if(i32.ge_u(index, size), () => {
        b.i32.store(faultAddress, index);
        b.i32.store(faultAddress + 4, size);
        b.i32.store(faultAddress + 8, 1);
        b.unreachable();
      });
    },
  };
}
