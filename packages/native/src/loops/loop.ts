import { childrenOf, kernelKey, parallelAxis, type Buffer, type KernelOptions, type LoopKernel, type Store, type Value } from "@nn/compiler/target";
import type { Mem } from "../assembler/memory.js";
import { rax, rbx } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { Block } from "../values/block.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter, type Part } from "../vectors/vector-writer.js";
import { BodyWriter, type Extent } from "./body.js";
import { Pointers } from "./pointers.js";
import { Shape } from "./shape.js";
import { isSupportedLoop } from "./support.js";
import { registersOf, totalOf, type Reduce, type Total } from "./totals.js";

/** Machine code for a loop kernel, or `undefined` if it has a value or an access that there is no code for. */
export function loopCode(kernel: LoopKernel, level: Level, options: KernelOptions): MachineKernel | undefined {
  return isSupportedLoop(kernel) ? { code: new LoopEmitter(kernel, level, options).emit(), scratchBytes: 0 } : undefined;
}

/** The part of an axis that a thread has: all of it, or from one variable to another. */
type Range = { readonly from: Mem; readonly to: Mem } | undefined;

/** How often a loop runs: known now, or in a variable. */
type Count = number | Mem;

/** The totals of the reductions of a pass, for one vector of an iteration. */
type Totals = readonly { readonly value: Reduce; readonly total: Total }[];

/** What one pass over the inner loops computes. */
interface Pass {
  readonly reductions: readonly Reduce[];
  readonly stores: readonly Store[];
  /** Those of each vector of an iteration. */
  readonly totals: readonly Totals[];
}

/** Writes a loop nest: the loops that are neither reduced nor in the lanes, outermost; then vectors; then one pass after another over the reduced loops. */
class LoopEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #shape: Shape;
  readonly #options: KernelOptions;
  readonly #pointers: Pointers;
  readonly #body: BodyWriter;
  readonly #unroll: number;
  /** The position of each loop that runs. */
  readonly #indices: (Mem | undefined)[];
  /** Vectors in memory that hold values: those of each enclosing loop, the innermost last. */
  readonly #slots: Map<Value, readonly Mem[]>[] = [new Map()];
  /** The pass over the reduced loops that is being written. */
  #phase = 0;
  /** The registers that hold totals. */
  #pinned: readonly number[] = [];

  constructor(kernel: LoopKernel, level: Level, options: KernelOptions) {
    const { buffers } = kernelKey(kernel);
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#shape = new Shape(kernel);
    this.#options = options;
    this.#pointers = new Pointers(this.#f, (buffer: Buffer) => buffers.indexOf(buffer));
    this.#unroll = this.#shape.unroll(level);
    this.#indices = kernel.domain.map(() => undefined);
    this.#body = new BodyWriter(this.#f, this.#w, this.#shape, this.#pointers, {
      slotOf: (value, copy) => {
        const slots = this.#slots.findLast((scope) => scope.has(value))?.get(value);
        return slots?.[copy] ?? slots?.[0];
      },
      storeOf: (value) => {
        const store = this.#shape.reloads.get(value);
        return store !== undefined && this.#shape.phases.stage(value).phase < this.#phase ? store : undefined;
      },
    });
  }

  emit(): Uint8Array {
    const { kernel, vectorAxis, reducesLanes, outer } = this.#shape;
    const { lanes } = this.#w.level;
    const shared = this.#options.threads > 1 ? parallelAxis(kernel) : undefined;
    if (shared === undefined && this.#options.threads > 1) this.#f.requireFirstThread();
    if (this.#tail > 0) this.#w.definePart(this.#tail);
    if (reducesLanes && lanes > 1) this.#w.definePart(1);
    for (const length of this.#shape.strideParts(lanes)) this.#w.definePart(length);
    this.#hoist(kernel.stores.map(({ value }) => value), new Set([vectorAxis, ...kernel.domain.keys()]), [0]);
    this.#outerLoops(outer, shared);
    return this.#f.finish();
  }

  /** The elements beyond the last whole vector. */
  get #tail(): number {
    return this.#shape.size(this.#shape.vectorAxis) % this.#w.level.lanes;
  }

  get #tailPart(): Part | undefined {
    return this.#tail === 0 ? undefined : this.#w.definedPart(this.#tail);
  }

  /** The registers without totals. */
  get #free(): readonly number[] {
    return Array.from({ length: this.#w.level.registers }, (_, register) => register).filter((register) => !this.#pinned.includes(register));
  }

  #inScope(body: () => void): void {
    this.#slots.push(new Map());
    body();
    this.#slots.pop();
  }

  #outerLoops(axes: readonly number[], shared: number | undefined): void {
    const [axis, ...rest] = axes;
    if (axis !== undefined) this.#loopOver(axis, axis === shared, () => this.#outerLoops(rest, shared));
    else if (this.#shape.reducesLanes) this.#passes({ copies: [0], part: undefined });
    else this.#vectors(this.#shape.vectorAxis === shared);
  }

  /** A loop over an axis, one by one. `shared`: each thread has a part of it. */
  #loopOver(axis: number, shared: boolean, body: () => void): void {
    const f = this.#f;
    const [index, end] = [f.variable(), f.variable()];
    if (shared) f.partition(this.#shape.size(axis), index, end);
    else {
      f.assign(index, 0);
      f.assign(end, this.#shape.size(axis));
    }
    this.#indices[axis] = index;
    f.whileLess(index, end, () => {
      this.#inScope(body);
      f.increase(index, 1);
    });
    this.#indices[axis] = undefined;
  }

  /** All vectors along the axis of the lanes, where it is not reduced. */
  #vectors(shared: boolean): void {
    const { vectorAxis, inner, kernel } = this.#shape;
    const range = shared ? this.#share(this.#shape.size(vectorAxis)) : undefined;
    if (inner.length === 0) {
      this.#alongLanes(kernel.stores.map(({ value }) => value), kernel.stores, range, (extent) => this.#storeAll(kernel.stores, extent));
      return;
    }
    const f = this.#f;
    const index = f.variable();
    f.assign(index, range?.from ?? 0);
    this.#indices[vectorAxis] = index;
    this.#pieces(range, (count, extent, elements) => {
      const left = f.variable();
      const body = (): void => {
        this.#inScope(() => this.#passes(extent));
        f.increase(index, elements);
      };
      if (count === 1) {
        body();
        return;
      }
      f.assign(left, count);
      f.repeatIfAny(left, body);
    });
    this.#indices[vectorAxis] = undefined;
  }

  /** This thread's part of the axis of the lanes: a multiple of the elements that one iteration computes. */
  #share(size: number): Range {
    const f = this.#f;
    const [from, to] = [f.variable(), f.variable()];
    const elements = this.#unroll * this.#w.level.lanes;
    f.partition(Math.ceil(size / elements), from, to);
    f.asm.imul(rax, from, elements);
    f.asm.mov(from, rax);
    f.asm.imul(rax, to, elements);
    f.atMost(rax, size);
    f.asm.mov(to, rax);
    return { from, to };
  }

  /** Divides a range along the lanes into iterations of several vectors, of one vector, and of a part of one. */
  #pieces(range: Range, piece: (count: Count, extent: Extent, elements: number) => void): void {
    const { lanes } = this.#w.level;
    const several = this.#unroll * lanes;
    const size = this.#shape.size(this.#shape.vectorAxis);
    const copies = Array.from({ length: this.#unroll }, (_, copy) => copy * lanes);
    const emit = (count: number, rest: number, length: number, extent: Extent): void => {
      if (count > 0) piece(range === undefined ? count : this.#countIn(range, rest, length), extent, length);
    };
    emit(Math.floor(size / several), 0, several, { copies, part: undefined });
    if (this.#unroll > 1) emit(Math.floor((size % several) / lanes), several, lanes, { copies: [0], part: undefined });
    emit(Math.min(1, this.#tail), lanes, 1, { copies: [0], part: this.#tailPart });
  }

  /** How many pieces of a length there are in what is left of a range when pieces of another length, `rest`, have been taken out. A part of a vector is one piece. */
  #countIn({ from, to }: NonNullable<Range>, rest: number, length: number): Mem {
    const { asm } = this.#f;
    const count = this.#f.variable();
    asm.mov(rax, to);
    asm.arithmetic("sub", rax, from);
    if (rest > 0) asm.arithmetic("and", rax, rest - 1);
    if (length > 1) asm.shr(rax, Math.log2(length));
    else {
      asm.set(rbx, 1);
      asm.arithmetic("cmp", rax, 1);
      asm.cmov("g", rax, rbx);
    }
    asm.mov(count, rax);
    return count;
  }

  /** Runs a body along the lanes, as the innermost loop. */
  #alongLanes(roots: readonly Value[], stores: readonly Store[], range: Range, body: (extent: Extent) => void): void {
    const { vectorAxis } = this.#shape;
    this.#inScope(() => {
      // Every piece counts before the loops begin, whose registers hold the pointers.
      const pieces: { readonly count: Count; readonly extent: Extent; readonly elements: number }[] = [];
      this.#pieces(range, (count, extent, elements) => void pieces.push({ count, extent, elements }));
      this.#hoist(roots, new Set([vectorAxis]), [0]);
      const indices = [...this.#indices];
      indices[vectorAxis] = range?.from;
      this.#pointers.begin(this.#body.accessesOf(roots, stores), indices);
      for (const { count, extent, elements } of pieces) this.#innermost(vectorAxis, count, elements, () => body(extent));
    });
  }

  /** A loop whose pointers go on from one iteration to the next. */
  #innermost(axis: number, count: Count, step: number, body: () => void): void {
    const f = this.#f;
    const iteration = (): void => {
      body();
      this.#pointers.advance(axis, step);
    };
    if (count === 1) {
      iteration();
      return;
    }
    if (typeof count === "number") f.asm.set(rbx, count);
    else f.asm.mov(rbx, count);
    const loop = (): void => f.repeat(rbx, iteration);
    if (typeof count === "number") {
      loop();
      return;
    }
    f.asm.arithmetic("cmp", rbx, 0);
    f.unless("e", loop);
  }

  /** Computes all values before it stores any: a store may overwrite what another value reads in this iteration. */
  #storeAll(stores: readonly Store[], extent: Extent): void {
    const block = new Block();
    this.#writeStores(block, stores, extent, stores.map(({ value }) => value), () => undefined);
    this.#body.write(block, this.#free);
  }

  /** Adds the values of stores to a block, for each vector, after `before`; then the stores. */
  #writeStores(block: Block, stores: readonly Store[], extent: Extent, roots: readonly Value[], before: (valueOf: ReturnType<BodyWriter["values"]>, copy: number) => void): void {
    const results = extent.copies.map((along, copy) => {
      const valueOf = this.#body.values(block, roots, extent, copy);
      before(valueOf, copy);
      return { along, values: stores.map((store) => ({ store, value: valueOf(store.value) })) };
    });
    for (const { along, values } of results) {
      for (const { store, value } of values) {
        const single = this.#shape.reducesLanes && this.#shape.laneStep(store.at) === 0;
        this.#body.store(block, store, value, along, single ? this.#w.definedPart(1) : extent.part);
      }
    }
  }

  /** All passes over the reduced loops, for some vectors, and then what is stored once for all inner iterations. */
  #passes(extent: Extent): void {
    const { phases, kernel, lastStores } = this.#shape;
    for (let phase = 0; phase < phases.count; phase++) {
      this.#phase = phase;
      const reductions = phases.reductions.filter((value) => phases.stage(value).phase === phase + 1);
      const stores = kernel.stores.filter((store) => phases.storeStage(store).inner && phases.storeStage(store).phase === phase);
      if (reductions.length > 0 || stores.length > 0) this.#pass(reductions, stores, extent);
    }
    this.#phase = phases.count;
    if (lastStores.length > 0) {
      this.#pointers.begin(this.#body.accessesOf([], lastStores), this.#indices);
      this.#storeAll(lastStores, extent);
    }
    this.#phase = 0;
  }

  #pass(reductions: readonly Reduce[], stores: readonly Store[], extent: Extent): void {
    const { reducesLanes, inner } = this.#shape;
    const totals = this.#beginTotals(reductions, reducesLanes ? this.#unroll : extent.copies.length);
    const pass = { reductions, stores, totals };
    this.#innerLoops(inner, pass, extent);
    const [first = [], ...others] = totals;
    if (reducesLanes) for (const other of others) first.forEach(({ total }, at) => this.#merge(total, other[at]?.total));
    const finished = reducesLanes ? [first] : totals;
    reductions.forEach((value, at) => {
      const slots = finished.map((each) => {
        const slot = this.#f.vector(this.#w.level.bytes);
        each[at]?.total.finish(slot, reducesLanes, this.#free);
        return slot;
      });
      this.#slots.at(-1)?.set(value, slots);
    });
    this.#pinned = [];
  }

  #merge(total: Total, other: Total | undefined): void {
    if (other !== undefined) total.merge(other, this.#free);
  }

  /** Totals for each vector of an iteration, in the last registers. */
  #beginTotals(reductions: readonly Reduce[], copies: number): readonly Totals[] {
    let next = this.#w.level.registers;
    const totals = Array.from({ length: copies }, () => reductions.map((value) => {
      const registers = Array.from({ length: registersOf(value) }, () => --next);
      this.#pinned = [...this.#pinned, ...registers];
      const total = totalOf(value, this.#w, registers);
      total.begin();
      return { value, total };
    }));
    return totals;
  }

  #innerLoops(axes: readonly number[], pass: Pass, extent: Extent): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) return;
    if (rest.length > 0) {
      this.#loopOver(axis, false, () => this.#innerLoops(rest, pass, extent));
      return;
    }
    const roots = [...pass.reductions.map(({ input }) => input), ...pass.stores.map(({ value }) => value)];
    if (this.#shape.reducesLanes) {
      this.#alongLanes(roots, pass.stores, undefined, (each) => this.#accumulate(pass, roots, each));
      return;
    }
    this.#inScope(() => {
      this.#hoist(roots, new Set([axis]), extent.copies, extent.part);
      this.#pointers.begin(this.#body.accessesOf(roots, pass.stores), this.#indices);
      this.#innermost(axis, this.#shape.size(axis), 1, () => this.#accumulate(pass, roots, extent));
    });
  }

  /** One iteration of a pass: adds to the totals, and stores. */
  #accumulate({ stores, totals }: Pass, roots: readonly Value[], extent: Extent): void {
    const block = new Block();
    const part = this.#shape.reducesLanes ? extent.part : undefined;
    this.#writeStores(block, stores, extent, roots, (valueOf, copy) => {
      for (const { value, total } of totals[copy] ?? []) total.add(block, valueOf(value.input), part);
    });
    this.#body.write(block, this.#free);
  }

  /** Computes what does not vary over some loops, before these begin, for each of the vectors that differ. */
  #hoist(roots: readonly Value[], axes: ReadonlySet<number>, copies: readonly number[], part?: Part): void {
    const { vectorAxis, phases } = this.#shape;
    const found: Value[] = [];
    const seen = new Set<Value>();
    const known = (value: Value): boolean => this.#slots.some((scope) => scope.has(value));
    const visit = (value: Value): void => {
      if (seen.has(value) || value.kind === "constant" || known(value)) return;
      seen.add(value);
      const varies = [...this.#shape.axesOf(value)].some((axis) => axes.has(axis));
      if (!varies && value.kind !== "reduce" && phases.stage(value).phase <= this.#phase && this.#canCompute(value)) found.push(value);
      else if (value.kind !== "reduce") childrenOf(value).forEach(visit);
    };
    roots.forEach(visit);
    if (found.length === 0) return;
    this.#pointers.begin(this.#body.accessesOf(found, []), this.#indices);
    const slots = copies.map((_, copy) => this.#computeSlots(copy === 0 ? found : found.filter((value) => this.#shape.axesOf(value).has(vectorAxis)), { copies, part }, copy));
    for (const value of found) this.#slots.at(-1)?.set(value, slots.flatMap((each) => each.get(value) ?? []));
  }

  /** Whether all reductions that a value needs are finished. */
  #canCompute(value: Value): boolean {
    if (value.kind === "reduce") return this.#slots.some((scope) => scope.has(value));
    return childrenOf(value).every((child) => this.#canCompute(child));
  }

  /** Computes values into memory, for vector `copy` of an iteration. */
  #computeSlots(values: readonly Value[], extent: Extent, copy: number): Map<Value, Mem> {
    const block = new Block();
    const valueOf = this.#body.values(block, values, extent, copy);
    const slots = new Map<Value, Mem>();
    for (const value of values) {
      const slot = this.#f.vector(this.#w.level.bytes);
      block.effect([valueOf(value)], ([register]) => register !== undefined && this.#w.store(slot, register));
      slots.set(value, slot);
    }
    this.#body.write(block, this.#free);
    return slots;
  }
}
