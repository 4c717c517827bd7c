import { ArgumentError, atomically, Tensor, type Shape, type TypedArray } from "@nn/tensor";
import { allocate, formatShape, isFloat, sizeOf } from "@nn/tensor/extend";
import { noteWrite } from "@nn/tensor/interpreter";
import { hostCallback } from "@nn/tensor/primitives";
import { GraphError } from "../errors.js";
import type { ImportedFunctions } from "../emit/imported.js";
import { emitProgram } from "../emit/emit-program.js";
import type { KernelTarget, MachineProgram } from "../emit/kernel-target.js";
import type { ProgramCode } from "../emit/program-code.js";
import { planMemory, reservedBytes, type MemoryPlan } from "../memory/plan.js";
import { storageOf, type Buffer, type Kernel, type LibraryKernel, type LibraryPrimitive, type Program } from "../ir/program.js";
import { viewOf, type Engine } from "./engine.js";
import { runAlone, type Runner } from "./runner.js";
import type { Threads } from "./threads.js";

/** How a program is built. */
export interface BuildOptions {
  readonly relaxedSimd: boolean;
  /** Whether the engine merges pairs of vectors. */
  readonly wide: boolean | undefined;
  /** Default: as many as are worthwhile. */
  readonly threads: number | undefined;
  readonly features: RuntimeFeatures;
  /** What runs kernels besides WebAssembly. */
  readonly target: KernelTarget | undefined;
  /** Whether machine code may fuse a multiplication and an addition. */
  readonly fused: boolean;
}

/** What a program is built and run with. */
export interface RuntimeFeatures extends ProgramCode {
  readonly threads: Threads;
  readonly diagnostics: { checkPlan(program: Program, plan: MemoryPlan): void };
}

/** A buffer that the host writes before, or reads after, the kernels run. */
interface Port {
  readonly buffer: Buffer;
  /** The shape of the buffer, frozen: the results of all calls share it. */
  readonly shape: Shape;
  readonly address: number;
  view: TypedArray;
}

/** An input, and its position among the tensors of the call. */
interface InputPort extends Port {
  readonly index: number;
}

const faultBytes = 16;

/** A program in linear memory, ready to run. */
export class Executable {
  readonly program: Program;
  readonly plan: MemoryPlan;
  /** The functions of JavaScript that it calls. Only this thread has them, so it runs on no other. */
  readonly imported: ImportedFunctions | undefined;
  /** The most threads that run it. */
  readonly threads: number;
  /** Milliseconds that emitting and compiling took. */
  readonly buildTime: number;
  /** What runs kernels besides WebAssembly, and the kernels that it runs. */
  readonly target: KernelTarget | undefined;
  readonly machine: MachineProgram | undefined;
  /** Whether the engine merges pairs of vectors; `undefined` if it was not asked to. */
  readonly merged: boolean | undefined;
  readonly #reason: () => string | undefined;
  readonly #engine: Engine;
  readonly #blocks: number[] = [];
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly Port[];
  readonly #hostCallbacks: readonly Port[];
  readonly #fault: number;
  readonly #runner: Runner;
  readonly #run: () => void;
  #buffer: ArrayBufferLike;

  constructor(program: Program, engine: Engine, options: BuildOptions) {
    const start = performance.now();
    const { memory } = engine;
    this.#engine = engine;
    this.program = program;
    const { relaxedSimd, wide = false, features, target, fused } = options;
    this.merged = options.wide;
    this.imported = features.scalar.importedFunctions(program.kernels);
    const wanted = this.imported === undefined ? features.threads.countFor(program.kernels, options.threads) : 1;
    this.threads = engine.wasm.threads ? wanted : 1;
    this.#reason = () => (wanted > 1 ? features.threads.reason(engine) : undefined);
    const machine = target?.program({ threads: this.threads, fused }, program.kernels);
    this.target = target;
    this.machine = machine;
    const bytesOf = (kernel: Kernel): number => machine?.scratchBytes(kernel) ?? (kernel.kind === "library" ? scratchBytes(features, kernel, this.threads, wide) : 0);
    this.plan = planMemory(program, bytesOf, (kernel) => machine?.scratchFrom(kernel));
    features.diagnostics.checkPlan(program, this.plan);
    const arena = this.#allocate(this.plan.arenaBytes);
    this.#fault = this.#allocate(faultBytes);
    memory.u8(this.#fault, faultBytes).fill(0);
    const constants = new Map<Buffer, number>();
    const addressOf = (buffer: Buffer): number => {
      const storage = storageOf(buffer);
      const home = this.plan.inPlace.get(storage) ?? storage;
      if (home.role.kind === "state") return engine.addressOf(home.role.variable);
      if (home.role.kind === "constant") return this.#constant(home, home.role.data, constants);
      const offset = this.plan.offsets.get(home);
      if (offset === undefined) throw new GraphError(`buffer ${home.id} has no offset in the memory plan`);
      return arena + offset;
    };
    const { kernels, scratch, lastFallible } = this.plan;
    const placement = { memory, addressOf, scratchOf: (kernel: Kernel) => scratch.get(kernel), faultAddress: this.#fault, lastFallible };
    const team = this.threads > 1 ? features.threads.team(engine, this.threads) : undefined;
    const barriers = team?.barriers(kernels, placement);
    machine?.load(kernels, placement, memory);
    const module = new WebAssembly.Module(emitProgram(kernels, placement, { relaxedSimd, wide, code: features, barriers, imported: this.imported, machine }));
    this.#runner = team === undefined ? runAlone(module, memory, { ...this.imported?.imports, ...machine?.imports?.here }) : team.run(module, machine?.imports);
    this.#run = this.#runner.entry("run");
    const port = (buffer: Buffer): Port => {
      const address = addressOf(buffer);
      return { buffer, shape: Object.freeze([...buffer.shape]), address, view: viewOf(memory, buffer.dtype, address, sizeOf(buffer.shape)) };
    };
    const inputs = program.buffers.flatMap((buffer) => (buffer.role.kind === "input" ? [{ index: buffer.role.index, ...port(buffer) }] : []));
    this.inputs = inputs.toSorted((a, b) => a.index - b.index);
    this.#hostCallbacks = program.hostCallbacks.map(port);
    this.outputs = program.outputs.map(port);
    // What was allocated last may have made the memory grow.
    machine?.relocate();
    this.#buffer = memory.buffer;
    this.buildTime = performance.now() - start;
  }

  /** Why it runs on one thread although more were wanted, as far as that is known. */
  get reasonForOneThread(): string | undefined {
    return this.#reason();
  }

  #allocate(bytes: number): number {
    const address = this.#engine.memory.allocate(Math.max(bytes, 1));
    this.#blocks.push(address);
    return address;
  }

  #constant(buffer: Buffer, data: TypedArray, known: Map<Buffer, number>): number {
    const there = known.get(buffer);
    if (there !== undefined) return there;
    const address = this.#allocate(reservedBytes(buffer));
    viewOf(this.#engine.memory, buffer.dtype, address, data.length).set(data);
    known.set(buffer, address);
    return address;
  }

  /** Runs the program on the tensors of a call and returns its results in new tensors. */
  run(inputs: readonly Tensor[]): Tensor[] {
    this.#whole(() => this.once(() => this.#write(inputs)));
    return this.outputs.map(({ buffer: { dtype }, shape, view }) => {
      const copy = allocate(dtype, view.length);
      copy.set(view);
      return new Tensor(shape, dtype, copy);
    });
  }

  /** Runs the program once, when `write` has written the views of the inputs. A run that fails may have changed the state of host callbacks. */
  once(write: () => void): void {
    this.#enter(write);
    this.#guarded(this.#run);
  }

  /** Runs the program kernel by kernel and returns the milliseconds that each took. */
  time(inputs: readonly Tensor[]): number[] {
    return this.#whole(() => {
      this.#enter(() => this.#write(inputs));
      return this.plan.kernels.map((_, at) => {
        const kernel = this.#runner.entry(`kernel${at}`);
        const start = performance.now();
        this.#guarded(kernel);
        return performance.now() - start;
      });
    });
  }

  /** A run that fails changes nothing: callbacks are undone, and variables are written when nothing can fail any more (see `planMemory`). */
  #whole<T>(run: () => T): T {
    for (const { variable } of this.program.writes) noteWrite(variable);
    return this.#hostCallbacks.length === 0 ? run() : atomically(run);
  }

  /** Frees the program's memory. */
  dispose(): void {
    this.#runner.dispose();
    this.machine?.dispose();
    for (const address of this.#blocks.splice(0)) this.#engine.memory.free(address);
  }

  #write(inputs: readonly Tensor[]): void {
    for (const { index, view } of this.inputs) {
      const tensor = inputs[index];
      if (tensor !== undefined) view.set(elementsOf(tensor, view.length));
    }
  }

  /** Writes the inputs and what the host callbacks return. One of these may run another program, for which the memory grows. */
  #enter(write: () => void): void {
    this.#refresh();
    write();
    for (const port of this.#hostCallbacks) {
      const { buffer } = port;
      const { role } = buffer;
      if (role.kind !== "hostCallback") continue;
      const value = role.callback();
      this.#refresh();
      const { view } = port;
      if (typeof value === "number" && view.length === 1 && isFloat(buffer.dtype)) view[0] = value;
      else view.set(hostCallback.kernel([], { ...buffer, callback: () => value }, buffer));
    }
  }

  /** Makes new views when the memory has grown. */
  #refresh(): void {
    const { memory } = this.#engine;
    if (memory.buffer === this.#buffer) return;
    this.#buffer = memory.buffer;
    this.machine?.relocate();
    for (const port of [...this.inputs, ...this.#hostCallbacks, ...this.outputs]) {
      port.view = viewOf(memory, port.buffer.dtype, port.address, sizeOf(port.buffer.shape));
    }
  }

  #guarded(entry: () => void): void {
    try {
      entry();
    } catch (cause) {
      const record = this.#engine.memory.i32(this.#fault, 3);
      const [number = 0, x = 0, y = 0] = record;
      record.fill(0);
      const fault = this.program.faults[number - 1];
      if (fault === undefined) throw cause;
      const error = fault.error(x, y);
      error.cause = cause;
      throw error;
    }
  }
}

function scratchBytes<P extends LibraryPrimitive>(code: ProgramCode, kernel: LibraryKernel<P>, threads: number, wide: boolean): number {
  return code.libraryCode(kernel.primitive).scratchBytes?.(kernel, threads, wide) ?? 0;
}

function elementsOf(tensor: Tensor, size: number): TypedArray {
  const data = tensor.data("compile");
  if (data.length !== size) throw new ArgumentError(`compile: a tensor ${formatShape(tensor.shape)} has ${data.length} elements in its storage, expected ${size}`);
  return data;
}
