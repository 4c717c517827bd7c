import type { Mem } from "../assembler/memory.js";
import type { Vec } from "../assembler/registers.js";
import type { VectorWriter } from "../vectors/vector-writer.js";

/** A vector that a block computes, before it is known in which register. */
export class Virtual {
  readonly kind = "virtual";
  readonly constant = undefined;
}

/** One step of a block: a few instructions with one result, or only an effect. */
interface Step {
  readonly sources: readonly Virtual[];
  readonly destination: Virtual | undefined;
  /** Whether the result is written before all sources are read. */
  readonly writesEarly: boolean;
  emit(destination: Vec | undefined, sources: readonly Vec[]): void;
}

/** Straight-line code over vectors. It is recorded first, then registers are assigned, and values that find none wait in memory. */
export class Block {
  readonly #steps: Step[] = [];
  readonly #given = new Map<Virtual, number>();
  readonly #pinned = new Map<Virtual, number>();

  /** A vector that is in a register when the block begins. The block may overwrite the register. */
  given(register: number): Virtual {
    const value = new Virtual();
    this.#given.set(value, register);
    return value;
  }

  /** A vector that is in a register when the block begins. The register stays with it. */
  pinned(register: number): Virtual {
    const value = new Virtual();
    this.#pinned.set(value, register);
    return value;
  }

  /** A vector that some instructions compute from others. With `writesEarly` its register differs from those of its sources. */
  compute(sources: readonly Virtual[], emit: (destination: Vec, sources: readonly Vec[]) => void, writesEarly = false): Virtual {
    const destination = new Virtual();
    this.#steps.push({ sources, destination, writesEarly, emit: (register, from) => register !== undefined && emit(register, from) });
    return destination;
  }

  /** Instructions that only have an effect. */
  effect(sources: readonly Virtual[], emit: (sources: readonly Vec[]) => void): void {
    this.#steps.push({ sources, destination: undefined, writesEarly: false, emit: (_, from) => emit(from) });
  }

  /** Writes the block with the registers `free`, and those of the given vectors. `spill` gives memory for a vector. */
  write(writer: VectorWriter, free: readonly number[], spill: () => Mem): void {
    new Allocation(writer, this.#steps, { given: this.#given, pinned: this.#pinned, free }, spill).write();
  }
}

/** The registers of a block: those that hold vectors when it begins, and those that hold none. */
interface Registers {
  readonly given: ReadonlyMap<Virtual, number>;
  readonly pinned: ReadonlyMap<Virtual, number>;
  readonly free: readonly number[];
}

/** Assigns registers to one block. If there is none, the value that is needed last makes room (Belady 1966). */
class Allocation {
  readonly #writer: VectorWriter;
  readonly #steps: readonly Step[];
  readonly #free: number[];
  readonly #registers: Map<Virtual, number>;
  readonly #pinned: ReadonlyMap<Virtual, number>;
  readonly #spilled = new Map<Virtual, Mem>();
  readonly #uses = new Map<Virtual, number[]>();
  readonly #spill: () => Mem;

  constructor(writer: VectorWriter, steps: readonly Step[], { given, pinned, free }: Registers, spill: () => Mem) {
    this.#writer = writer;
    this.#steps = steps;
    this.#registers = new Map(given);
    this.#pinned = pinned;
    this.#free = [...free];
    this.#spill = spill;
    steps.forEach(({ sources }, at) => {
      for (const source of new Set(sources)) this.#uses.set(source, [...(this.#uses.get(source) ?? []), at]);
    });
  }

  write(): void {
    for (const value of this.#registers.keys()) this.#releaseIfDone(value);
    for (const { sources, destination, writesEarly, emit } of this.#steps) {
      const from = sources.map((source) => this.#inRegister(source, sources));
      for (const source of new Set(sources)) this.#uses.get(source)?.shift();
      if (!writesEarly) sources.forEach((source) => this.#releaseIfDone(source));
      const to = destination === undefined ? undefined : this.#take(writesEarly ? sources : []);
      if (destination !== undefined && to !== undefined) this.#registers.set(destination, to);
      emit(to === undefined ? undefined : this.#writer.register(to), from.map((register) => this.#writer.register(register)));
      if (writesEarly) sources.forEach((source) => this.#releaseIfDone(source));
      if (destination !== undefined) this.#releaseIfDone(destination);
    }
  }

  #inRegister(value: Virtual, kept: readonly Virtual[]): number {
    const known = this.#registers.get(value) ?? this.#pinned.get(value);
    if (known !== undefined) return known;
    const memory = this.#spilled.get(value);
    if (memory === undefined) throw new Error("a vector is used before it is computed");
    const register = this.#take(kept);
    this.#writer.load(this.#writer.register(register), memory);
    this.#registers.set(value, register);
    return register;
  }

  #releaseIfDone(value: Virtual): void {
    const register = this.#registers.get(value);
    if (register === undefined || (this.#uses.get(value)?.length ?? 0) > 0) return;
    this.#registers.delete(value);
    this.#free.push(register);
  }

  /** A register for a new value. Those of `kept` stay. */
  #take(kept: readonly Virtual[]): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const candidates = [...this.#registers].filter(([value]) => !kept.includes(value));
    const nextUse = (value: Virtual): number => this.#uses.get(value)?.[0] ?? Infinity;
    const [first, ...others] = candidates;
    if (first === undefined) throw new Error("a step needs more registers than there are");
    const [victim, register] = others.reduce((latest, other) => (nextUse(other[0]) > nextUse(latest[0]) ? other : latest), first);
    if (!this.#spilled.has(victim)) {
      const memory = this.#spill();
      this.#writer.store(memory, this.#writer.register(register));
      this.#spilled.set(victim, memory);
    }
    this.#registers.delete(victim);
    return register;
  }
}
