import { bytesPerElement, type DType } from "@nn/tensor";
import { i32, type Expr, type Local, type ValueType } from "@nn/wasm";
import { GraphError } from "../errors.js";
import type { Affine } from "../lower/affine.js";
import { valuesOf } from "../lower/group.js";
import { Phases, reloads } from "../lower/phases.js";
import type { Buffer, LoopKernel, Store, Value } from "../program.js";
import type { Code, Lanes, Place } from "./lanes.js";
import { scalarLanes } from "./scalar.js";
import { isVectorizable, vectorLanes } from "./vector.js";

/** What a kernel needs to know of the program it is in. */
export interface Surroundings {
  /** Where a buffer begins in linear memory. */
  addressOf(buffer: Buffer): number;
  /** Writes code that reports an index out of range and stops the program. */
  reportIndex(b: Code, index: Expr<"i32">, size: number): void;
  readonly thread: Expr<"i32">;
  readonly threads: Expr<"i32">;
}

type Reduce = Value & { readonly kind: "reduce" };
type Accumulating = ReturnType<Lanes["accumulator"]>;

/** Below this many elements one thread does all the work. */
const parallelThreshold = 8192;

/** Writes a loop kernel. */
export function emitLoop(b: Code, kernel: LoopKernel, around: Surroundings): void {
  new LoopEmitter(b, kernel, around).emit();
}

/** Elementwise work at one place of a matrix, on values that another kernel holds in registers. */
export class PointEmitter {
  readonly #emitter: LoopEmitter;

  constructor(b: Code, kernel: LoopKernel, around: Surroundings) {
    this.#emitter = new LoopEmitter(b, kernel, around);
  }

  /** Computes and stores what belongs to `width` elements from `column` on in `row`. */
  emit(row: Expr<"i32">, column: Expr<"i32">, width: number, accumulator: Expr<"v128">): void {
    this.#emitter.emitPoint([row, column], width, accumulator);
  }
}

/** Chooses vectors where everything in a kernel has a vector form. */
function lanesFor(kernel: LoopKernel): Lanes {
  const vectorizable = [...valuesOf(kernel)].every((value) => {
    if (value.dtype === "float64") return false;
    if (value.kind === "apply") return isVectorizable(value.primitive, dtypeOfOperands(value));
    return value.kind !== "reduce" || value.input.dtype !== "float64";
  });
  return vectorizable ? vectorLanes : scalarLanes;
}

/** The dtype that decides how a primitive computes: of its last input, since a select's first is its condition. */
function dtypeOfOperands(value: Value & { readonly kind: "apply" }): DType {
  return value.inputs.at(-1)?.dtype ?? value.dtype;
}

class LoopEmitter {
  readonly #b: Code;
  readonly #kernel: LoopKernel;
  readonly #around: Surroundings;
  readonly #lanes: Lanes;
  readonly #phases: Phases;
  readonly #reloads: ReadonlyMap<Value, Store>;
  /** The axis whose neighbouring elements lie in the lanes; none in a loop nest without loops. */
  readonly #vectorAxis: number;
  /** Loop variables of the loops that are open. */
  readonly #indices = new Map<number, Expr<"i32">>();
  /** What is computed already, innermost scope last. */
  readonly #scopes: Map<Value, Expr<ValueType>>[] = [new Map()];
  readonly #bases: Map<string, Local<"i32">>[] = [new Map()];
  readonly #axes = new Map<Value, ReadonlySet<number>>();
  #width = 1;
  #phase = 0;

  constructor(b: Code, kernel: LoopKernel, around: Surroundings) {
    this.#b = b;
    this.#kernel = kernel;
    this.#around = around;
    this.#lanes = lanesFor(kernel);
    this.#phases = new Phases(kernel);
    this.#reloads = reloads(kernel, this.#phases);
    this.#vectorAxis = kernel.domain.length - 1;
  }

  emit(): void {
    const { domain, reduced } = this.#kernel;
    const kept = domain.map((_, axis) => axis).filter((axis) => reduced[axis] !== true);
    const outer = kept.filter((axis) => axis !== this.#vectorAxis);
    const work = domain.reduce((product, size) => product * size, 1);
    const shared = work < parallelThreshold ? undefined : widest(kept, domain);
    if (shared === undefined) this.#b.if(i32.eqz(this.#around.thread), () => this.#outerLoops(outer, undefined));
    else this.#outerLoops(outer, shared);
  }

  emitPoint([row, column]: readonly [Expr<"i32">, Expr<"i32">], width: number, accumulator: Expr<"v128">): void {
    this.#indices.set(0, row);
    this.#indices.set(1, column);
    this.#width = width;
    this.#inScope(() => {
      for (const value of valuesOf(this.#kernel)) if (value.kind === "accumulator") this.#scopes.at(-1)?.set(value, accumulator);
      this.#storeAll(this.#kernel.stores);
    });
  }

  /** The loops that are neither reduced nor in the lanes. `shared` is the axis that threads share. */
  #outerLoops(axes: readonly number[], shared: number | undefined): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) {
      if (this.#kernel.reduced[this.#vectorAxis] === true || this.#vectorAxis < 0) this.#body(1);
      else this.#vectorLoop(shared === this.#vectorAxis, (width) => this.#body(width));
      return;
    }
    const [low, high] = this.#range(axis, axis === shared, 1);
    this.#b.forRange(low, high, 1, (i) => this.#withIndex(axis, i, () => this.#outerLoops(rest, shared)));
  }

  /** The part of an axis that this thread does, in multiples of `grain`. */
  #range(axis: number, shared: boolean, grain: number): [Expr<"i32"> | number, Expr<"i32"> | number] {
    const size = this.#kernel.domain[axis] ?? 1;
    if (!shared) return [0, size];
    const { thread, threads } = this.#around;
    const grains = Math.ceil(size / grain);
    const part = (of: Expr<"i32">): Expr<"i32"> => i32.mul(i32.div_u(i32.mul(of, grains), threads), grain);
    const low = this.#b.let(part(thread));
    const end = this.#b.let(part(i32.add(thread, 1)));
    const high = grain === 1 ? end : this.#b.let(minimum(end, size));
    return [low, high];
  }

  /** Steps along the vector axis: whole vectors, then what is left. */
  #vectorLoop(shared: boolean, body: (width: number) => void): void {
    const b = this.#b;
    const axis = this.#vectorAxis;
    const size = this.#kernel.domain[axis] ?? 1;
    const step = this.#lanes.count;
    const [low, high] = this.#range(axis, shared, step === 1 ? 1 : 16);
    const whole = size - (size % step);
    this.#hoist(axis);
    const end = typeof high === "number" ? whole : b.let(minimum(high, whole));
    if (whole > 0) b.forRange(low, end, step, (i) => this.#withIndex(axis, i, () => body(step)));
    if (whole === size) return;
    const tail = (): void => this.#withIndex(axis, i32.const(whole), () => body(size - whole));
    if (typeof high === "number") b.scope(tail);
    else b.if(i32.eq(high, size), tail);
  }

  /** All passes over the inner loops for one place of the outer ones. */
  #body(width: number): void {
    this.#width = width;
    const inner = this.#kernel.domain.map((_, axis) => axis).filter((axis) => this.#kernel.reduced[axis] === true);
    this.#inScope(() => {
      for (let phase = 0; phase < this.#phases.count && inner.length > 0; phase++) this.#pass(phase, inner);
      this.#width = width;
      const left = this.#kernel.stores.filter((store) => inner.length === 0 || !this.#phases.storeStage(store).inner);
      this.#storeAll(left);
    });
  }

  /** One pass: reductions that can be finished in it, and stores that can be made. */
  #pass(phase: number, inner: readonly number[]): void {
    const reductions = this.#phases.reductions.filter((value) => this.#phases.stage(value).phase === phase + 1);
    const stores = this.#kernel.stores.filter((store) => {
      const stage = this.#phases.storeStage(store);
      return stage.inner && stage.phase === phase;
    });
    if (reductions.length === 0 && stores.length === 0) return;
    this.#phase = phase;
    const running = reductions.map((value) => ({ value, accumulator: this.#lanes.accumulator(this.#b, value.reduction, value.input.dtype) }));
    this.#prepare([...reductions.map(({ input }) => input), ...stores.map(({ value }) => value)], new Set(inner));
    this.#innerLoops(inner, running, stores);
    const across = this.#kernel.reduced[this.#vectorAxis] === true;
    for (const { value, accumulator } of running) this.#remember(value, accumulator.finish(across));
  }

  #innerLoops(axes: readonly number[], running: readonly { value: Reduce; accumulator: Accumulating }[], stores: readonly Store[]): void {
    const [axis, ...rest] = axes;
    const body = (width: number): void => {
      const before = this.#width;
      this.#width = width;
      this.#inScope(() => {
        for (const { value, accumulator } of running) {
          const position = value.position;
          const input = this.#value(value.input);
          accumulator.add(input, width, position === undefined ? undefined : () => this.#position("int32", position));
        }
        this.#storeAll(stores);
      });
      this.#width = before;
    };
    if (axis === undefined) return body(this.#width);
    if (axis === this.#vectorAxis) return this.#vectorLoop(false, body);
    const size = this.#kernel.domain[axis] ?? 1;
    this.#b.forRange(0, size, 1, (i) => this.#withIndex(axis, i, () => this.#innerLoops(rest, running, stores)));
    return undefined;
  }

  /** Everything is computed before anything is stored, so that a store may overwrite what another value reads here. */
  #storeAll(stores: readonly Store[]): void {
    const values = stores.map((store) => ({ store, value: this.#value(store.value) }));
    for (const { store: { buffer, at }, value } of values) {
      const width = this.#kernel.reduced[this.#vectorAxis] === true && at.coefficients[this.#vectorAxis] === 0 ? 1 : this.#width;
      this.#lanes.store(this.#b, buffer.dtype, this.#place(buffer, at), width, value);
    }
  }

  #withIndex(axis: number, index: Expr<"i32">, body: () => void): void {
    this.#indices.set(axis, index);
    this.#inScope(body);
    this.#indices.delete(axis);
  }

  #inScope(body: () => void): void {
    this.#scopes.push(new Map());
    this.#bases.push(new Map());
    body();
    this.#scopes.pop();
    this.#bases.pop();
  }

  /** Computes before a vector loop what does not change in it. */
  #hoist(axis: number): void {
    const inner = new Set(this.#kernel.domain.map((_, at) => at).filter((at) => at === axis || this.#kernel.reduced[at] === true));
    for (const at of this.#indices.keys()) inner.delete(at);
    this.#prepare(this.#kernel.stores.filter(({ value }) => this.#phases.stage(value).phase <= this.#phase || !this.#kernel.reduced.includes(true)).map(({ value }) => value), inner);
  }

  /** Computes those parts of `values` that do not vary over `axes`, as far as they can be computed in this pass. */
  #prepare(values: readonly Value[], axes: ReadonlySet<number>): void {
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value) || this.#known(value) !== undefined) return;
      seen.add(value);
      const stage = this.#phases.stage(value);
      const varies = [...this.#axesOf(value)].some((axis) => axes.has(axis));
      if (value.kind === "accumulator" || (value.kind === "reduce" && this.#known(value) === undefined)) return;
      if (!varies && stage.phase <= this.#phase) this.#value(value);
      else childrenOf(value).forEach(visit);
    };
    values.forEach(visit);
  }

  /** The loops over which a value varies. */
  #axesOf(value: Value): ReadonlySet<number> {
    const known = this.#axes.get(value);
    if (known !== undefined) return known;
    const axes = new Set<number>(childrenOf(value).flatMap((child) => [...this.#axesOf(child)]));
    if (value.kind === "load" || value.kind === "gather" || value.kind === "position") {
      value.at.coefficients.forEach((coefficient, axis) => coefficient !== 0 && axes.add(axis));
    }
    if (value.kind === "reduce") this.#kernel.reduced.forEach((isReduced, axis) => isReduced && axes.delete(axis));
    this.#axes.set(value, axes);
    return axes;
  }

  #known(value: Value): Expr<ValueType> | undefined {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const found = this.#scopes[at]?.get(value);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #remember(value: Value, result: Expr<ValueType>): void {
    this.#scopes.at(-1)?.set(value, this.#b.let<ValueType>(result));
  }

  /** A value at this place: computed once in each scope. */
  #value(value: Value): Expr<ValueType> {
    const known = this.#known(value);
    if (known !== undefined) return known;
    this.#remember(value, this.#compute(value));
    return this.#value(value);
  }

  #compute(value: Value): Expr<ValueType> {
    const store = this.#reloads.get(value);
    if (store !== undefined && this.#phases.stage(value).phase < this.#phase) {
      return this.#lanes.load(this.#b, value.dtype, this.#place(store.buffer, store.at), this.#width);
    }
    switch (value.kind) {
      case "constant": return this.#lanes.constant(value.dtype, value.value);
      case "load": return this.#lanes.load(this.#b, value.dtype, this.#place(value.buffer, value.at), this.#width);
      case "position": return this.#position(value.dtype, value.at);
      case "gather": return this.#gather(value);
      case "apply": return this.#lanes.apply(this.#b, value.primitive, value.dtype, value.inputs.map((input) => this.#value(input)), dtypeOfOperands(value));
      case "reduce": throw new GraphError("a reduction is used before it is finished");
      case "accumulator": throw new GraphError("an accumulator is used outside of an epilogue");
    }
  }

  #position(dtype: DType, at: Affine): Expr<ValueType> {
    const start = this.#linear(at, 1);
    return this.#lanes.position(dtype, start, at.coefficients[this.#vectorAxis] ?? 0);
  }

  /** Reads each lane at its own index, after checking it. */
  #gather(value: Value & { readonly kind: "gather" }): Expr<ValueType> {
    const b = this.#b;
    const index = this.#value(value.index);
    const bytes = bytesPerElement[value.dtype];
    const start = b.let(this.#linear(value.at, bytes));
    const laneBytes = (value.at.coefficients[this.#vectorAxis] ?? 0) * bytes;
    const base = this.#around.addressOf(value.buffer);
    const places: Place[] = [];
    for (let lane = 0; lane < (this.#lanes.count === 1 ? 1 : this.#width); lane++) {
      const at = b.let(this.#lanes.extract(index, lane));
      this.#around.reportIndex(b, at, value.size);
      const address = b.let(i32.add(i32.add(start, i32.const(lane * laneBytes)), i32.mul(at, value.stride * bytes)));
      places.push({ address, offset: base, laneBytes: 0 });
    }
    return this.#lanes.loadEach(b, value.dtype, places);
  }

  /** `scale · at` for the open loops; the lanes add to it. */
  #linear(at: Affine, scale: number): Expr<"i32"> {
    let sum: Expr<"i32"> = i32.const(at.offset * scale);
    at.coefficients.forEach((coefficient, axis) => {
      const index = this.#indices.get(axis);
      if (coefficient !== 0 && index !== undefined) sum = i32.add(sum, i32.mul(index, coefficient * scale));
    });
    return sum;
  }

  /** Where in memory this iteration's element of an access lies. Accesses that move alike share their address. */
  #place(buffer: Buffer, at: Affine): Place {
    const bytes = bytesPerElement[buffer.dtype];
    const start = this.#around.addressOf(buffer) + at.offset * bytes;
    const laneBytes = (at.coefficients[this.#vectorAxis] ?? 0) * bytes;
    const used = at.coefficients.map((coefficient, axis) => (this.#indices.has(axis) ? coefficient * bytes : 0));
    const backwards = used.some((coefficient) => coefficient < 0) || laneBytes < 0;
    const key = `${used.join()}${backwards ? ` ${start}` : ""}`;
    const known = this.#bases.map((scope) => scope.get(key)).findLast((base) => base !== undefined);
    if (known !== undefined) return { address: known, offset: backwards ? 0 : start, laneBytes };
    const terms = used.flatMap((coefficient, axis) => {
      const index = this.#indices.get(axis);
      return coefficient === 0 || index === undefined ? [] : [i32.mul(index, i32.const(coefficient))];
    });
    if (backwards) terms.push(i32.const(start));
    const address = this.#b.let(terms.reduce((sum: Expr<"i32"> | undefined, term) => (sum === undefined ? term : i32.add(sum, term)), undefined) ?? i32.const(0));
    this.#bases.at(-1)?.set(key, address);
    return { address, offset: backwards ? 0 : start, laneBytes };
  }
}

function childrenOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case "apply": return value.inputs;
    case "gather": return [value.index];
    case "reduce": return [value.input];
    default: return [];
  }
}

/** The axis among `axes` with the most elements. */
function widest(axes: readonly number[], domain: readonly number[]): number | undefined {
  const sizes = axes.map((axis) => ({ axis, size: domain[axis] ?? 1 })).sort((a, b) => b.size - a.size || a.axis - b.axis);
  return sizes[0]?.axis;
}

function minimum(a: Expr<"i32">, b: number): Expr<"i32"> {
  return i32.sub(a, i32.and(i32.sub(a, b), i32.sub(0, i32.gt_s(a, b))));
}
