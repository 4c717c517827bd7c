import { Label, type Mem } from "../assembler/memory.js";
import type { VectorWriter } from "../vectors/vector-writer.js";
import { readsOf, type Instructions, type RareCode, type Step, type Virtual } from "./steps.js";

/** Where vectors are when a block begins: in registers, which the block may overwrite or not, or in memory; and the registers that hold none. */
interface Places {
  readonly given: ReadonlyMap<Virtual, number>;
  readonly pinned: ReadonlyMap<Virtual, number>;
  readonly spilled: ReadonlyMap<Virtual, Mem>;
  readonly free: readonly number[];
}

/** Assigns registers to one block. If there is none, the value that is needed last makes room (Belady 1966). */
export class Allocation {
  readonly #writer: VectorWriter;
  readonly #steps: readonly Step[];
  readonly #free: number[];
  readonly #registers: Map<Virtual, number>;
  readonly #pinned: ReadonlyMap<Virtual, number>;
  readonly #spilled: Map<Virtual, Mem>;
  readonly #uses = new Map<Virtual, number[]>();
  readonly #spill: () => Mem;

  constructor(writer: VectorWriter, steps: readonly Step[], { given, pinned, spilled, free }: Places, spill: () => Mem) {
    this.#writer = writer;
    this.#steps = steps;
    this.#registers = new Map(given);
    this.#pinned = pinned;
    this.#spilled = new Map(spilled);
    this.#free = [...free];
    this.#spill = spill;
    steps.forEach((step, at) => {
      for (const source of readsOf(step)) this.#uses.set(source, [...(this.#uses.get(source) ?? []), at]);
    });
  }

  write(): void {
    for (const value of this.#registers.keys()) this.#releaseIfDone(value);
    for (const step of this.#steps) {
      if (step.kind === "instructions") this.#instructions(step);
      else this.#rare(step);
    }
  }

  #instructions(step: Instructions): void {
    const { sources, destination, writesEarly, emit } = step;
    const from = sources.map((source) => this.#inRegister(source, sources));
    this.#countUse(step);
    if (!writesEarly) sources.forEach((source) => this.#releaseIfDone(source));
    const to = destination === undefined ? undefined : this.#take(writesEarly ? sources : []);
    if (destination !== undefined && to !== undefined) this.#registers.set(destination, to);
    emit(to === undefined ? undefined : this.#writer.register(to), from.map((register) => this.#writer.register(register)));
    if (writesEarly) sources.forEach((source) => this.#releaseIfDone(source));
    if (destination !== undefined) this.#releaseIfDone(destination);
  }

  /** The code may use all registers: what they hold waits in memory while it runs. What it replaces is in memory, whether it runs or not. */
  #rare(step: RareCode): void {
    const writer = this.#writer;
    const { asm } = writer;
    const after = new Label();
    const replaced = step.replaced.filter(({ result }) => this.#isUsed(result));
    const stores = replaced.map(({ before, after: value, result }): Step => {
      const memory = this.#spill();
      writer.store(memory, writer.register(this.#inRegister(before, [step.mask])));
      this.#spilled.set(result, memory);
      return { kind: "instructions", sources: [value], destination: undefined, writesEarly: false, emit: (_, [register]) => register !== undefined && writer.store(memory, register) };
    });
    writer.compareLanesToNone(writer.register(this.#inRegister(step.mask, [])));
    asm.jump("e", after);
    const waiting = [...this.#registers].map(([value, register]) => {
      const memory = this.#spilled.get(value) ?? this.#spill();
      if (!this.#spilled.has(value)) writer.store(memory, writer.register(register));
      return { value, register, memory };
    });
    const places = { given: new Map(), pinned: this.#pinned, spilled: new Map([...this.#spilled, ...waiting.map(({ value, memory }) => [value, memory] as const)]), free: [...this.#free, ...waiting.map(({ register }) => register)] };
    new Allocation(writer, [...step.steps, ...stores], places, this.#spill).write();
    for (const { register, memory } of waiting) writer.load(writer.register(register), memory);
    asm.place(after);
    this.#countUse(step);
    for (const value of readsOf(step)) this.#releaseIfDone(value);
  }

  #isUsed(value: Virtual): boolean {
    return (this.#uses.get(value)?.length ?? 0) > 0;
  }

  #countUse(step: Step): void {
    for (const source of readsOf(step)) this.#uses.get(source)?.shift();
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
    if (register === undefined || this.#isUsed(value)) return;
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
