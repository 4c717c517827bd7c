import { ArgumentError, atomically, Tensor, type Shape, type TypedArray } from "@nn/tensor";
import { allocate, formatShape, isFloat, sizeOf } from "@nn/tensor/extend";
import { noteWrite } from "@nn/tensor/interpreter";
import { hostCallback } from "@nn/tensor/primitives";
import type { PlacedKernel } from "../emit/kernel-target.js";
import { reservedBytes } from "../memory/plan.js";
import { viewOf, type Engine } from "./engine.js";
import type { Bases, HostCallbackSite, InputSite, ProgramImage, Site } from "./image.js";
import { runAlone, type Runner } from "./runner.js";
import type { Threads } from "./threads.js";

/** A site, and its elements. */
type Port<S extends Site> = S & {
  /** The shape of its tensor, frozen: the results of all calls share it. */
  readonly shape: Shape;
  view: TypedArray;
};

/** The bytes in which a fault is reported. */
const faultBytes = 16;

/** A program in linear memory, ready to run. */
export class Executable {
  readonly image: ProgramImage;
  /** Milliseconds since the program was traced: lowering, emitting and compiling. */
  readonly buildTime: number;
  /** The kernels that run as machine code. */
  readonly machineKernels: readonly PlacedKernel[];
  readonly #threads: Threads;
  readonly #engine: Engine;
  readonly #blocks: number[] = [];
  readonly inputs: readonly Port<InputSite>[];
  readonly outputs: readonly Port<Site>[];
  readonly #hostCallbacks: readonly Port<HostCallbackSite>[];
  readonly #fault: number;
  readonly #runner: Runner;
  readonly #run: () => void;
  #buffer: ArrayBufferLike;

  /** `start`: when the program was traced. */
  constructor(image: ProgramImage, engine: Engine, threads: Threads, start: number) {
    const { memory } = engine;
    this.#engine = engine;
    this.#threads = threads;
    this.image = image;
    const { machine, imported } = image;
    const arena = this.#allocate(image.arenaBytes);
    this.#fault = this.#allocate(faultBytes);
    memory.u8(this.#fault, faultBytes).fill(0);
    const team = image.threads > 1 ? threads.team(engine, image.threads) : undefined;
    const placed = image.place({ arena, fault: this.#fault, barriers: team?.barriers, variable: (variable) => engine.addressOf(variable), constant: this.#constants() });
    machine?.load(placed.machine, memory);
    this.machineKernels = placed.machine;
    const module = new WebAssembly.Module(placed.code);
    this.#runner = team === undefined ? runAlone(module, memory, { ...imported?.imports, ...machine?.imports?.here }) : team.run(module, machine?.imports);
    this.#run = this.#runner.entry("run");
    const port = <S extends Site>(site: S): Port<S> => ({ ...site, shape: Object.freeze([...site.type.shape]), view: this.#view(site) });
    this.inputs = placed.inputs.map(port);
    this.#hostCallbacks = placed.hostCallbacks.map(port);
    this.outputs = placed.outputs.map(port);
    // What was allocated last may have made the memory grow.
    machine?.relocate();
    this.#buffer = memory.buffer;
    this.buildTime = performance.now() - start;
  }

  /** Why it runs on one thread although more were wanted, as far as that is known. */
  get reasonForOneThread(): string | undefined {
    return this.image.wantedThreads > 1 ? this.#threads.reason(this.#engine) : undefined;
  }

  #allocate(bytes: number): number {
    const address = this.#engine.memory.allocate(Math.max(bytes, 1));
    this.#blocks.push(address);
    return address;
  }

  /** Puts each constant into memory when it is first asked for. */
  #constants(): Bases["constant"] {
    const known = new Map<TypedArray, number>();
    return (data, type) => {
      const address = known.get(data) ?? this.#allocate(reservedBytes(type));
      if (!known.has(data)) viewOf(this.#engine.memory, type.dtype, address, data.length).set(data);
      known.set(data, address);
      return address;
    };
  }

  #view({ type, address }: Site): TypedArray {
    return viewOf(this.#engine.memory, type.dtype, address, sizeOf(type.shape));
  }

  /** Runs the program on the tensors of a call and returns its results in new tensors. */
  run(inputs: readonly Tensor[]): Tensor[] {
    this.#whole(() => this.once(() => this.#write(inputs)));
    return this.outputs.map(({ type: { dtype }, shape, view }) => {
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
      return this.image.plan.kernels.map((_, at) => {
        const kernel = this.#runner.entry(`kernel${at}`);
        const start = performance.now();
        this.#guarded(kernel);
        return performance.now() - start;
      });
    });
  }

  /** A run that fails changes nothing: callbacks are undone, and variables are written when nothing can fail any more (see `planMemory`). */
  #whole<T>(run: () => T): T {
    for (const { variable } of this.image.writes) noteWrite(variable);
    return this.#hostCallbacks.length === 0 ? run() : atomically(run);
  }

  /** Frees the program's memory. */
  dispose(): void {
    this.#runner.dispose();
    this.image.machine?.dispose();
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
      const { type } = port;
      const value = port.callback();
      this.#refresh();
      const { view } = port;
      if (typeof value === "number" && view.length === 1 && isFloat(type.dtype)) view[0] = value;
      else view.set(hostCallback.kernel([], { ...type, callback: () => value }, type));
    }
  }

  /** Makes new views when the memory has grown. */
  #refresh(): void {
    const { memory } = this.#engine;
    if (memory.buffer === this.#buffer) return;
    this.#buffer = memory.buffer;
    this.image.machine?.relocate();
    for (const port of [...this.inputs, ...this.#hostCallbacks, ...this.outputs]) port.view = this.#view(port);
  }

  #guarded(entry: () => void): void {
    try {
      entry();
    } catch (cause) {
      const record = this.#engine.memory.i32(this.#fault, 3);
      const [number = 0, x = 0, y = 0] = record;
      record.fill(0);
      const fault = number === 0 ? undefined : this.image.program.faults[number - 1];
      if (fault === undefined) throw cause;
      const error = fault.error(x, y);
      error.cause = cause;
      throw error;
    }
  }
}

function elementsOf(tensor: Tensor, size: number): TypedArray {
  const data = tensor.data("compile");
  if (data.length !== size) throw new ArgumentError(`compile: a tensor ${formatShape(tensor.shape)} has ${data.length} elements in its storage, expected ${size}`);
  return data;
}
