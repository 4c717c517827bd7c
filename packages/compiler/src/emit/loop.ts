import { sizeOf } from "@nn/tensor/extend";
import { i32, select, type Expr, type Local, type ValueType } from "@nn/wasm";
import { at } from "../ir/at.js";
import { valuesOf, type ElementwisePrimitive, type LoopKernel, type Store, type Value } from "../ir/program.js";
import { elementCost } from "../ir/cost.js";
import type { Accumulator, Code } from "./lanes.js";
import { partitionStart } from "./library/nest.js";
import { anyNotFinite } from "./vector.js";
import type { EmitContext } from "./context.js";
import { ValueEmitter, write, type Writes } from "./values.js";

type Reduce = Value & { readonly kind: "reduce" };

/** A reduction being computed. */
interface Running {
  readonly value: Reduce;
  readonly accumulator: Accumulator;
}

/** Begins the reductions: those of a block, or those of the whole loop (`total`). */
type Begin = (total: boolean) => Running[];

/** A reduction that is finished. */
interface Result {
  readonly value: Reduce;
  readonly result: Local<ValueType>;
}

/** Computes all copies of an unrolled loop body before it stores any, so that the engine may interleave the computations. */
type AtEach = (body: (copy: number) => Writes) => void;

/** A loop of less work, in additions and stores of one element, is done by one thread. The gates of a recurrent layer are few elements with much work each. */
export const parallelWork = 16_384;

/** Primitives with branches in their code; the engine interleaves nothing across a branch. */
const branching: ReadonlySet<ElementwisePrimitive> = new Set(["sin", "cos", "pow", "remainder"]);

const primitivesOf = (values: readonly Value[]): readonly ElementwisePrimitive[] => values.flatMap((value) => (value.kind === "apply" ? [value.primitive] : []));

const costOf = (primitives: readonly ElementwisePrimitive[]): number => primitives.reduce((sum, primitive) => sum + elementCost(primitive), 0);

/**
 * The unroll factor: how many vectors are computed side by side. Their additions and the steps of their polynomials overlap, and the loop has
 * fewer iterations. The factor is smaller where each vector takes much work, because registers run out. It is at least `least`, if it can be.
 */
function unrollFactorFor(values: readonly Value[], least: number): number {
  const primitives = primitivesOf(values);
  const cost = costOf(primitives);
  if (primitives.some((primitive) => branching.has(primitive))) return 1;
  return cost <= 24 ? 4 : cost <= 64 ? 2 : least;
}

/** Reductions are made of blocks of this length, so that rounding errors do not add up. */
const blockLength = 4096;

/** Writes a loop kernel; `wide`: for an engine that merges pairs of vectors. */
export function emitLoop(b: Code, kernel: LoopKernel, context: EmitContext, wide: boolean): void {
  new LoopEmitter(b, kernel, context, wide).emit();
}

/** The axes that are not reduced, outermost first. */
function keptAxes({ domain, reduced }: LoopKernel): number[] {
  return domain.map((_, axis) => axis).filter((axis) => reduced[axis] !== true);
}

/** The axis of a kernel that is divided among threads; `undefined` if thread 0 does everything. */
export function parallelAxis(kernel: LoopKernel): number | undefined {
  return sizeOf(kernel.domain) * (1 + costOf(primitivesOf([...valuesOf(kernel)]))) < parallelWork ? undefined : dividedAxis(keptAxes(kernel), kernel.domain);
}

class LoopEmitter {
  readonly #b: Code;
  readonly #kernel: LoopKernel;
  readonly #context: EmitContext;
  readonly #values: ValueEmitter;
  /** The reduced axes, outermost first. */
  readonly #inner: readonly number[];
  /** The unroll factor: how many vectors are computed side by side. */
  readonly #unroll: number;

  constructor(b: Code, kernel: LoopKernel, context: EmitContext, wide: boolean) {
    this.#b = b;
    this.#kernel = kernel;
    this.#context = context;
    this.#values = new ValueEmitter(b, kernel, context);
    this.#inner = kernel.domain.map((_, axis) => axis).filter((axis) => kernel.reduced[axis] === true);
    // Where the lanes are one reduction, the order of its additions depends on the factor.
    const least = wide && kernel.reduced.at(-1) !== true ? 2 : 1;
    this.#unroll = unrollFactorFor([...valuesOf(kernel)].filter((value) => this.#inner.length === 0 || this.#values.phases.stage(value).inner), least);
  }

  emit(): void {
    const outer = keptAxes(this.#kernel).filter((axis) => axis !== this.#values.vectorAxis);
    const shared = parallelAxis(this.#kernel);
    if (shared === undefined) this.#b.if(i32.eqz(this.#context.thread), () => this.#outerLoops(outer, undefined));
    else this.#outerLoops(outer, shared);
  }

  #size(axis: number): number {
    return at(this.#kernel.domain, axis);
  }

  /** The loops that are neither reduced nor in the lanes. `shared` is the axis that is divided among threads. */
  #outerLoops(axes: readonly number[], shared: number | undefined): void {
    const [axis, ...rest] = axes;
    const { vectorAxis } = this.#values;
    if (axis !== undefined) {
      const [low, high] = this.#range(axis, axis === shared, 1);
      this.#b.forRange(low, high, 1, (i) => this.#values.at(axis, i, 0, () => this.#outerLoops(rest, shared)));
    } else if (vectorAxis < 0 || this.#kernel.reduced[vectorAxis] === true) {
      this.#values.withWidth(1, () => this.#body([0], undefined));
    } else {
      this.#columns(shared === vectorAxis);
    }
  }

  /** This thread's part of an axis, in multiples of `grain`. */
  #range(axis: number, shared: boolean, grain: number): [Expr<"i32"> | number, Expr<"i32"> | number] {
    const size = this.#size(axis);
    if (!shared) return [0, size];
    const { thread, threads } = this.#context;
    const part = (of: Expr<"i32">): Expr<"i32"> => i32.mul(partitionStart(of, threads, Math.ceil(size / grain)), grain);
    const low = this.#b.let(part(thread));
    const end = this.#b.let(part(i32.add(thread, 1)));
    return [low, grain === 1 ? end : this.#b.let(minimum(end, size))];
  }

  /** Steps along the vector axis where it is not reduced: several vectors at once, whole vectors, then the remainder. */
  #columns(shared: boolean): void {
    const b = this.#b;
    const axis = this.#values.vectorAxis;
    const size = this.#size(axis);
    const step = this.#values.lanes.count;
    const unroll = step > 1 && this.#values.phases.count === 1 ? this.#unroll : 1;
    const [low, high] = this.#range(axis, shared, step * unroll);
    const whole = size - (size % step);
    this.#hoist(axis);
    const several = unroll > 1 ? size - (size % (step * unroll)) : 0;
    const cut = (end: number): Expr<"i32"> | number => (typeof high === "number" ? end : b.let(minimum(high, end)));
    const offsets = range(unroll).map((copy) => copy * step);
    if (several > 0) b.forRange(low, cut(several), step * unroll, (i) => this.#values.withWidth(step, () => this.#body(offsets, i)));
    const start = several === 0 ? low : typeof low === "number" ? several : b.let(maximum(low, several));
    if (whole > several) b.forRange(start, cut(whole), step, (i) => this.#values.withWidth(step, () => this.#body([0], i)));
    if (whole === size) return;
    const tail = (): void => this.#values.withWidth(size - whole, () => this.#body([0], i32.const(whole)));
    if (typeof high === "number") b.scope(tail);
    else b.if(i32.eq(high, size), tail);
  }

  /** Writes all passes over the inner loops for one iteration of the outer loops: at `column` plus each of `offsets`. */
  #body(offsets: readonly number[], column: Expr<"i32"> | undefined): void {
    const { phases, vectorAxis } = this.#values;
    const here = <T>(offset: number, body: () => T): T => (column === undefined ? this.#values.inScope(body) : this.#values.at(vectorAxis, column, offset, body));
    const atEach: AtEach = (body) => write(offsets.map((offset, copy) => here(offset, () => body(copy))));
    here(0, () => {
      const last = this.#kernel.stores.filter((store) => this.#inner.length === 0 || !phases.storeStage(store).inner);
      for (let phase = 0; phase < phases.count && this.#inner.length > 0; phase++) {
        const finish = this.#pass(phase, offsets, atEach);
        if (offsets.length === 1) finish(0);
        else atEach((copy) => (finish(copy), this.#values.computeAll(last)));
      }
      if (offsets.length === 1 || this.#inner.length === 0) atEach(() => this.#values.computeAll(last));
    });
  }

  /**
   * Writes one pass over the inner loops: the reductions and the stores of this phase.
   * @returns a function that makes the results of the reductions known, for one copy of the unrolled outer loop.
   */
  #pass(phase: number, offsets: readonly number[], atEach: AtEach): (copy: number) => void {
    const { phases, lanes, vectorAxis } = this.#values;
    const reductions = phases.reductions.filter((value) => phases.stage(value).phase === phase + 1);
    const stores = this.#kernel.stores.filter((store) => phases.storeStage(store).inner && phases.storeStage(store).phase === phase);
    if (reductions.length === 0 && stores.length === 0) return () => undefined;
    this.#values.phase = phase;
    this.#values.prepare([...reductions.map(({ input }) => input), ...stores.map(({ value }) => value)], new Set([...this.#inner, ...(offsets.length > 1 ? [vectorAxis] : [])]));
    // A store may overwrite what the pass reads, so a pass with stores cannot run a second time. Its sums are wide from the start.
    const running = this.#reduce(reductions, stores, stores.length > 0, offsets.length, atEach);
    const across = this.#kernel.reduced[vectorAxis] === true;
    const results = running.map((each) => each.map(({ value, accumulator }) => ({ value, result: this.#b.let<ValueType>(accumulator.finish(across)) })));
    const doubtful = stores.length > 0 ? [] : reductions.filter(({ reduction, dtype }) => lanes.mayOverflow(reduction, dtype));
    if (doubtful.length > 0) this.#reduceAgain(doubtful, results, atEach);
    return (copy) => at(results, copy).forEach(({ value, result }) => this.#values.remember(value, result));
  }

  /** Runs the inner loops for reductions and stores, for each of the `unroll` copies of the outer loop. */
  #reduce(reductions: readonly Reduce[], stores: readonly Store[], wide: boolean, unroll: number, atEach: AtEach): readonly (readonly Running[])[] {
    const { lanes, vectorAxis } = this.#values;
    const begin: Begin = (total) => reductions.map((value) => ({ value, accumulator: lanes.accumulator(this.#b, value.reduction, value.input.dtype, wide || total) }));
    // The sums of blocks are added up in float64.
    const long = this.#size(at(this.#inner, -1)) > 2 * blockLength;
    const running = range(unroll).map(() => begin(long));
    const step = (mine: readonly (readonly Running[])[]): void => atEach((copy) => this.#accumulate(at(mine, copy), stores));
    if (this.#kernel.reduced[vectorAxis] === true) this.#rows(this.#inner, at(running, 0), stores, begin);
    else this.#alongRows(this.#inner, running, begin, step);
    return running;
  }

  /** Computes sums that are not finite again in float64: an element may not be finite, or a partial sum may have overflowed float32. */
  #reduceAgain(doubtful: readonly Reduce[], results: readonly (readonly Result[])[], atEach: AtEach): void {
    const b = this.#b;
    const across = this.#kernel.reduced[this.#values.vectorAxis] === true;
    const found = results.map((each) => each.filter(({ value }) => doubtful.includes(value)));
    const [first = i32.const(0), ...others] = found.flat().map(({ result }) => anyNotFinite(result));
    const repeat = (): void => {
      const running = this.#reduce(doubtful, [], true, results.length, atEach);
      running.forEach((each, copy) => each.forEach(({ accumulator }, index) => {
        b.set(at(at(found, copy), index).result, accumulator.finish(across));
      }));
    };
    b.if(others.reduce<Expr<"i32">>((any, each) => i32.or(any, each), first), () => this.#values.inScope(repeat));
  }

  /** Adds the elements of this iteration to the reductions. @returns the stores. */
  #accumulate(running: readonly Running[], stores: readonly Store[]): Writes {
    for (const { value: { input }, accumulator } of running) accumulator.add(this.#values.value(input), this.#values.width);
    return this.#values.computeAll(stores);
  }

  /** Writes the inner loops where the vector axis is not reduced: each lane holds a reduction of its own. */
  #alongRows(axes: readonly number[], running: readonly (readonly Running[])[], begin: Begin, step: (running: readonly (readonly Running[])[]) => void): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) return step(running);
    const loop = (low: Expr<"i32"> | number, high: Expr<"i32"> | number, mine: readonly (readonly Running[])[]): void =>
      this.#b.forRange(low, high, 1, (i) => this.#values.at(axis, i, 0, () => this.#alongRows(rest, mine, begin, step)));
    if (rest.length > 0) return loop(0, this.#size(axis), running);
    return this.#blocks(this.#size(axis), 1, running, begin, loop);
  }

  /** Writes the inner loops where the vector axis is reduced: several vectors at once, whole vectors, then the remainder. The lanes are combined at the end. */
  #rows(axes: readonly number[], running: readonly Running[], stores: readonly Store[], begin: Begin): void {
    const { lanes, vectorAxis } = this.#values;
    const [axis, ...rest] = axes;
    if (axis === undefined) return;
    if (axis !== vectorAxis) {
      this.#b.forRange(0, this.#size(axis), 1, (i) => this.#values.at(axis, i, 0, () => this.#rows(rest, running, stores, begin)));
      return;
    }
    this.#hoist(axis);
    const size = this.#size(axis);
    const step = lanes.count;
    const unroll = this.#unroll;
    const several = unroll > 1 && step > 1 && size >= 2 * step * unroll ? size - (size % (step * unroll)) : 0;
    const accumulateAt = (i: Expr<"i32">, width: number, mine: readonly (readonly Running[])[]): void => this.#values.withWidth(width, () =>
      this.#values.at(axis, i, 0, () => write(mine.map((each, copy) => this.#values.at(axis, i, copy * step, () => this.#accumulate(each, stores))))));
    if (several > 0) {
      const side = [running, ...range(unroll - 1).map(() => begin(size > 2 * blockLength))];
      this.#blocks(several, step * unroll, side, begin, (low, high, mine) =>
        this.#b.forRange(low, high, step * unroll, (i) => accumulateAt(i, step, mine)));
      for (const each of side.slice(1)) merge(running, each);
    }
    const whole = size - (size % step);
    if (whole > several) this.#b.forRange(several, whole, step, (i) => accumulateAt(i, step, [running]));
    if (whole < size) this.#b.scope(() => accumulateAt(i32.const(whole), size - whole, [running]));
  }

  /** Writes a long loop in blocks. Each has its own reductions, which are then merged into those of the whole loop. */
  #blocks(
    size: number, step: number, running: readonly (readonly Running[])[], begin: Begin,
    loop: (low: Expr<"i32"> | number, high: Expr<"i32"> | number, running: readonly (readonly Running[])[]) => void,
  ): void {
    if (size <= 2 * blockLength || running.every((each) => each.length === 0)) return loop(0, size, running);
    return this.#b.forRange(0, size, blockLength * Math.max(1, step / 4), (low) => {
      const high = this.#b.let(minimum(i32.add(low, blockLength * Math.max(1, step / 4)), size));
      const own = running.map(() => begin(false));
      loop(low, high, own);
      own.forEach((each, copy) => merge(at(running, copy), each));
    });
  }

  /** Computes before a loop along the vector axis what does not change in it. */
  #hoist(axis: number): void {
    const { phases, phase } = this.#values;
    const inner = new Set([axis, ...(this.#kernel.reduced[axis] === true ? [] : this.#inner)]);
    const now = this.#kernel.stores.filter(({ value }) => phases.stage(value).phase <= phase || this.#inner.length === 0);
    this.#values.prepare(now.map(({ value }) => value), inner);
  }
}

/** Adds the reductions of a block to those of the whole. */
function merge(whole: readonly Running[], part: readonly Running[]): void {
  whole.forEach(({ accumulator }, index) => accumulator.merge(at(part, index).accumulator));
}

/** An axis with at least so many positions is divided evenly enough. */
const manyPositions = 16;

/** The axis among `axes` that threads divide: the outermost with many positions, so that each thread has memory of its own, else the one with the most. */
function dividedAxis(axes: readonly number[], domain: readonly number[]): number | undefined {
  return axes.find((axis) => at(domain, axis) >= manyPositions) ?? axes.toSorted((a, b) => at(domain, b) - at(domain, a))[0];
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function maximum(a: Expr<"i32">, b: number): Expr<"i32"> {
  return select(i32.gt_s(a, b), a, b);
}

function minimum(a: Expr<"i32">, b: number): Expr<"i32"> {
  return select(i32.lt_s(a, b), a, b);
}
