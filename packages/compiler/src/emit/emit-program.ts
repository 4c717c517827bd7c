import { i32, ModuleBuilder, type Barrier, type Expr, type FunctionHandle, type LinearMemory } from "@nn/wasm";
import { GraphError } from "../errors.js";
import type { KernelMemory } from "./barriers.js";
import type { ImportedFunctions } from "./imported.js";
import type { KernelPlaces, MachineFunction } from "./kernel-target.js";
import { EpilogueEmitter } from "./epilogue.js";
import { emitLoop } from "./loop.js";
import { kernelKey } from "./kernel-key.js";
import type { BufferLocation, EmitContext } from "./context.js";
import { canFail, type Buffer, type Kernel, type LibraryKernel, type LibraryPrimitive } from "../ir/program.js";
import type { Code, Functions } from "./lanes.js";
import type { ProgramCode } from "./program-code.js";

/** What emitting needs to know of the memory that the program will run in. */
export interface Placement extends KernelMemory, KernelPlaces {
  readonly memory: LinearMemory;
}

/** How a program may be emitted. */
export interface EmitOptions {
  /** Whether multiplication and addition may be rounded once together. */
  readonly relaxedSimd: boolean;
  /** Whether the engine merges pairs of vectors. */
  readonly wide: boolean;
  readonly code: ProgramCode;
  /** How threads wait for one another between kernels, if there are several. */
  readonly barriers: Barriers | undefined;
  readonly imported: ImportedFunctions | undefined;
  /** Declares the kernels that run as machine code, by their positions. */
  readonly machine: ((module: ModuleBuilder) => ReadonlyMap<number, MachineFunction>) | undefined;
}

/** How threads wait for one another. */
export interface Barriers {
  /** Writes the function that returns when all threads have called it. */
  define(module: ModuleBuilder): Barrier;
  /** For each kernel, whether the threads must wait before it. */
  readonly before: readonly boolean[];
}

type Locate = EmitContext["locate"];
type PartialContext = Omit<EmitContext, "thread" | "threads">;
type Call = (b: Code, thread: Expr<"i32">, threads: Expr<"i32">) => void;

/**
 * The WebAssembly module of a program. It exports `run(thread, threads)`, which every thread calls and which executes all kernels
 * in order, and each kernel under the name `kernel0`, `kernel1`, …, for profiles. Kernels that differ only in where their
 * buffers lie, such as the steps of a recurrent layer, share one function; its parameters say where.
 */
export function emitProgram(kernels: readonly Kernel[], placement: Placement, options: EmitOptions): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory: placement.memory.declaration });
  const functions = { code: options.code, imported: options.imported?.declare(module) };
  const machine = options.machine?.(module);
  const partialContext = (locate: Locate): PartialContext => contextOf(placement, locate, functions, options.barriers !== undefined);
  const params = { thread: "i32", threads: "i32" } as const;
  const keyed = kernels.map((kernel) => ({ kernel, ...kernelKey(kernel) }));
  const counts = new Map<string, number>();
  for (const { key } of keyed) counts.set(key, (counts.get(key) ?? 0) + 1);
  const shared = new Map<string, SharedFunction>();
  const calls = keyed.map(({ kernel, key, buffers }, at): Call => {
    const native = machine?.get(at);
    if (native !== undefined) {
      const call: Call = (b, thread, threads) => {
        b.call(native, { thread, threads });
        if (canFail(kernel)) b.if(i32.load(i32.const(placement.faultAddress)), () => b.unreachable());
      };
      module.function({ name: `kernel${at}`, params, export: true }, (b, { thread, threads }) => call(b, thread, threads));
      return call;
    }
    if (counts.get(key) === 1) {
      const own = module.function({ name: `kernel${at}`, params, export: true }, (b, { thread, threads }) => {
        const locate = (buffer: Buffer): BufferLocation => ({ base: undefined, offset: placement.addressOf(buffer) });
        emitKernel(b, kernel, { ...partialContext(locate), thread, threads }, i32.const(scratchAddress(placement, kernel)), options);
      });
      return (b, thread, threads) => b.call(own, { thread, threads });
    }
    const callee = shared.get(key) ?? sharedFunction(module, `shared${at}`, kernel, buffers, partialContext, options);
    shared.set(key, callee);
    const call: Call = (b, thread, threads) => {
      const addresses = Object.fromEntries(buffers.map((buffer, number) => [`b${number}`, placement.addressOf(buffer)]));
      b.call(callee, { thread, threads, scratch: scratchAddress(placement, kernel), ...addresses });
    };
    module.function({ name: `kernel${at}`, params, export: true }, (b, { thread, threads }) => call(b, thread, threads));
    return call;
  });
  const { barriers } = options;
  const barrier = barriers?.define(module);
  module.function({ name: "run", params, export: true }, (b, { thread, threads }) => {
    calls.forEach((call, at) => {
      if (barrier !== undefined && barriers?.before[at] === true) b.call(barrier, { thread, threads });
      call(b, thread, threads);
    });
  });
  return module.finish();
}

function scratchAddress({ addressOf, scratchOf }: Placement, kernel: Kernel): number {
  const scratch = scratchOf(kernel);
  return scratch === undefined ? 0 : addressOf(scratch);
}

type SharedFunction = FunctionHandle<Readonly<Record<string, "i32">>, "void">;

/** A kernel as a function of the addresses of its buffers. */
function sharedFunction(
  module: ModuleBuilder, name: string, kernel: Kernel, buffers: readonly Buffer[], partialContext: (locate: Locate) => PartialContext, options: EmitOptions,
): SharedFunction {
  const names = ["thread", "threads", "scratch", ...buffers.map((_, number) => `b${number}`)];
  const params: Readonly<Record<string, "i32">> = Object.fromEntries(names.map((each) => [each, "i32" as const]));
  return module.function({ name, params }, (b, locals) => {
    const parameter = (each: string): Expr<"i32"> => locals[each] ?? missing(each);
    const locate = (buffer: Buffer): BufferLocation => ({ base: parameter(`b${buffers.indexOf(buffer)}`), offset: 0 });
    const context = { ...partialContext(locate), thread: parameter("thread"), threads: parameter("threads") };
    emitKernel(b, kernel, context, parameter("scratch"), options);
  });
}

function missing(name: string): never {
  throw new GraphError(`a kernel has no parameter ${name}`);
}

function emitKernel(b: Code, kernel: Kernel, context: EmitContext, scratchAddress: Expr<"i32">, options: EmitOptions): void {
  if (kernel.kind === "loop") emitLoop(b, kernel, context, options.wide);
  else emitLibraryKernel(b, kernel, { ...context, scratchAddress }, options);
}

function emitLibraryKernel<P extends LibraryPrimitive>(b: Code, kernel: LibraryKernel<P>, context: EmitContext & { readonly scratchAddress: Expr<"i32"> }, options: EmitOptions): void {
  const epilogue = kernel.epilogue === undefined ? undefined : new EpilogueEmitter(b, kernel.epilogue, context);
  options.code.libraryCode(kernel.primitive).emit(b, kernel, { ...context, relaxedSimd: options.relaxedSimd, wide: options.wide, epilogue });
}

function contextOf({ faultAddress }: Placement, locate: Locate, functions: Pick<PartialContext, keyof Functions>, threaded: boolean): PartialContext {
  return {
    locate,
    ...functions,
    failIf(b, condition, fault, x, y) {
      const report = (): void => {
        b.i32.store(faultAddress + 4, x);
        b.i32.store(faultAddress + 8, y);
      };
      b.if(condition, () => {
        // If several threads find faults, the first one reports.
        if (threaded) b.if(i32.eqz(i32.atomic.rmw.cmpxchg(faultAddress, 0, fault.id + 1)), report);
        else {
          b.i32.store(faultAddress, fault.id + 1);
          report();
        }
        b.unreachable();
      });
    },
  };
}
