import { bytesPerElement } from "@nn/tensor/extend";
import { i32, type Expr, type Local, type ValueType } from "@nn/wasm";
import { at } from "../ir/at.js";
import { GraphError } from "../errors.js";
import type { Affine } from "../ir/affine.js";
import { valuesOf, childrenOf, type Buffer, type CheckedIndex, type ElementwisePrimitive, type Fault, type LoopKernel, type Store, type Value } from "../ir/program.js";
import { dtypeOfOperands, isScalarValue } from "../ir/vectorizable.js";
import { phasesOf, reloads, type Phases } from "../ir/phases.js";
import { withBase, type EmitContext } from "./context.js";
import type { Code, LaneAddress, Lanes } from "./lanes.js";
import { vectorLanes } from "./vector.js";

/** Functions that write what was computed: one for each store. */
export type Writes = readonly (() => void)[];

/** The position of a loop: `index + plus`. */
interface Position {
  readonly index: Expr<"i32">;
  readonly plus: number;
}

/** Chooses vectors if every value of a kernel has a vector form, else scalar code. */
function lanesFor(kernel: LoopKernel, { code }: EmitContext): Lanes {
  return [...valuesOf(kernel)].some(isScalarValue) ? code.scalar.lanes : vectorLanes;
}

/**
 * Writes the code of values for the current position of the loops. A value that was computed in a scope is reused until the scope ends.
 * `prepare` computes before an inner loop what does not change in it.
 */
export class ValueEmitter {
  readonly lanes: Lanes;
  readonly phases: Phases;
  /** The axis whose neighbouring elements lie in the lanes: always the last axis of the domain, reduced or not; -1 in a loop nest without loops. */
  readonly vectorAxis: number;
  /** How many lanes hold elements; the others are ignored. */
  width = 1;
  /** The pass over the inner loops that is being written. */
  phase = 0;
  readonly #b: Code;
  readonly #kernel: LoopKernel;
  readonly #context: EmitContext;
  readonly #reloads: ReadonlyMap<Value, Store>;
  readonly #positions = new Map<number, Position>();
  readonly #scopes: Map<Value, Expr<ValueType>>[] = [new Map()];
  readonly #bases: Map<string, Local<"i32">>[] = [new Map()];
  readonly #axes = new Map<Value, ReadonlySet<number>>();

  constructor(b: Code, kernel: LoopKernel, context: EmitContext) {
    this.#b = b;
    this.#kernel = kernel;
    this.#context = context;
    this.lanes = lanesFor(kernel, context);
    this.phases = phasesOf(kernel);
    this.#reloads = reloads(kernel, this.phases);
    this.vectorAxis = kernel.domain.length - 1;
  }

  /** Runs `body` in a scope of its own, with addresses of its own or those of the scope around it. */
  inScope<T>(body: () => T, bases = new Map<string, Local<"i32">>()): T {
    this.#scopes.push(new Map());
    this.#bases.push(bases);
    const result = body();
    this.#scopes.pop();
    this.#bases.pop();
    return result;
  }

  /**
   * Runs `body` in a scope in which the loop over `axis` is at `index + plus`. Inside of another scope at the same index it shares the addresses of that one:
   * V8 merges accesses to neighbours only if they differ in their constant offsets alone.
   */
  at<T>(axis: number, index: Expr<"i32">, plus: number, body: () => T): T {
    const before = this.#positions.get(axis);
    this.#positions.set(axis, { index, plus });
    const result = this.inScope(body, before?.index === index ? this.#bases.at(-1) : undefined);
    if (before === undefined) this.#positions.delete(axis);
    else this.#positions.set(axis, before);
    return result;
  }

  /** Runs `body` with only the first `width` lanes counting. */
  withWidth<T>(width: number, body: () => T): T {
    const before = this.width;
    this.width = width;
    const result = body();
    this.width = before;
    return result;
  }

  /** Makes the result of a value known in this scope. */
  remember(value: Value, result: Expr<ValueType>): void {
    this.#scopes.at(-1)?.set(value, this.#b.let<ValueType>(result));
  }

  /** A value in this iteration: computed once in each scope. */
  value(value: Value): Expr<ValueType> {
    const known = this.#known(value);
    if (known !== undefined) return known;
    const result = this.#b.let<ValueType>(this.#compute(value));
    this.#scopes.at(-1)?.set(value, result);
    return result;
  }

  /** Computes the values of all stores, before any is written, because a store may overwrite what another value reads in this iteration. */
  computeAll(stores: readonly Store[]): Writes {
    const values = stores.map((store) => ({ store, value: this.value(store.value) }));
    return values.map(({ store, value }) => {
      const { buffer } = store;
      const single = this.#kernel.reduced[this.vectorAxis] === true && this.#laneStep(store.at) === 0;
      const [address, width] = [this.#addressOf(buffer, store.at), single ? 1 : this.width];
      return () => this.lanes.store(this.#b, buffer.dtype, address, width, value);
    });
  }

  /** Computes those parts of `values` that do not vary over `axes`, as far as they can be computed in this pass. */
  prepare(values: readonly Value[], axes: ReadonlySet<number>): void {
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value) || value.kind === "accumulator" || this.#known(value) !== undefined) return;
      seen.add(value);
      const varies = [...this.#axesOf(value)].some((axis) => axes.has(axis));
      if (value.kind === "reduce") return;
      if (!varies && this.phases.stage(value).phase <= this.phase) this.value(value);
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
    return this.#scopes.findLast((scope) => scope.has(value))?.get(value);
  }

  #compute(value: Value): Expr<ValueType> {
    const store = this.#reloads.get(value);
    if (store !== undefined && this.phases.stage(value).phase < this.phase) {
      return this.lanes.load(this.#b, value.dtype, this.#addressOf(store.buffer, store.at), this.width);
    }
    switch (value.kind) {
      case "constant": return this.lanes.constant(value.dtype, value.value);
      case "load": return this.lanes.load(this.#b, value.dtype, this.#addressOf(value.buffer, value.at), this.width);
      case "position": return this.lanes.position(value.dtype, this.#linear(value.at, 1), this.#laneStep(value.at));
      case "gather": return this.#gather(value);
      case "checked": return this.#checked(value);
      case "apply": {
        const inputs = value.inputs.map((input) => this.value(input));
        const dtype = dtypeOfOperands(value.dtype, value.inputs.map((input) => input.dtype));
        if (value.fault !== undefined) this.#requireResult(value.primitive, value.fault, inputs);
        return this.lanes.apply(this.#b, value.primitive, value.dtype, inputs, dtype, this.#context);
      }
      case "reduce": throw new GraphError("a reduction is used before it is finished");
      case "accumulator": throw new GraphError("an accumulator is used outside of an epilogue");
    }
  }

  /** Reports a fault for a remainder by 0 and for a power with a negative exponent. Both have no result for whole numbers, which are computed one at a time. */
  #requireResult(primitive: ElementwisePrimitive, fault: Fault, operands: readonly Expr<ValueType>[]): void {
    const [x, y] = operands.map((operand) => this.#b.let(this.lanes.extract(operand, 0)));
    if (x !== undefined && y !== undefined) this.#context.failIf(this.#b, primitive === "pow" ? i32.lt_s(y, 0) : i32.eqz(y), fault, x, y);
  }

  /** Whether a value is the same for all lanes. It may be computed before the loop over the lanes, where one counts. */
  #isUniform(value: Value): boolean {
    return !this.#axesOf(value).has(this.vectorAxis);
  }

  /** The index in a lane. */
  #indexIn(index: Expr<ValueType>, lane: number): Expr<"i32"> {
    return this.#b.let(this.lanes.extract(index, lane));
  }

  #checked(value: CheckedIndex): Expr<ValueType> {
    const { index: input, position, check } = value;
    const index = this.value(input);
    const lanes = this.lanes.count === 1 || this.#isUniform(input) ? 1 : this.width;
    for (let lane = 0; lane < lanes; lane++) {
      const chosen = this.#indexIn(index, lane);
      const reported = position === undefined ? i32.const(-1) : i32.add(this.#linear(position, 1), lane * this.#laneStep(position));
      this.#context.failIf(this.#b, i32.ge_u(chosen, check.size), check.fault, chosen, reported);
    }
    return index;
  }

  /** Reads each lane at its own index. */
  #gather(value: Value & { readonly kind: "gather" }): Expr<ValueType> {
    const b = this.#b;
    const index = this.value(value.index);
    const bytes = bytesPerElement[value.dtype];
    const start = b.let(this.#linear(value.at, bytes));
    const laneBytes = this.#laneStep(value.at) * bytes;
    const location = this.#context.locate(value.buffer);
    const addressIn = (lane: number): LaneAddress => {
      const chosen = this.#indexIn(index, lane);
      const address = b.let(i32.add(i32.add(start, lane * laneBytes), i32.mul(chosen, value.stride * bytes)));
      return { address: withBase(location, address), offset: location.offset, laneBytes: 0 };
    };
    // If all lanes share one index, they read one row, as a load does.
    if (this.#isUniform(value.index)) return this.lanes.load(b, value.dtype, { ...addressIn(0), laneBytes }, this.width);
    return this.lanes.loadEach(b, value.dtype, Array.from({ length: this.lanes.count === 1 ? 1 : this.width }, (_, lane) => addressIn(lane)));
  }

  /** What the map adds from one lane to the next. */
  #laneStep({ coefficients }: Affine): number {
    return this.vectorAxis < 0 ? 0 : at(coefficients, this.vectorAxis);
  }

  /** `scale · map` for the open loops; the lanes add to it. */
  #linear(map: Affine, scale: number): Expr<"i32"> {
    let constant = map.offset * scale;
    let sum: Expr<"i32"> | undefined;
    map.coefficients.forEach((coefficient, axis) => {
      const position = this.#positions.get(axis);
      if (coefficient === 0 || position === undefined) return;
      const term = times(position.index, coefficient * scale);
      sum = sum === undefined ? term : i32.add(sum, term);
      constant += position.plus * coefficient * scale;
    });
    if (sum === undefined) return i32.const(constant);
    return constant === 0 ? sum : i32.add(sum, constant);
  }

  /** The address of the element that this iteration accesses. Accesses with equal coefficients share one address computation. */
  #addressOf(buffer: Buffer, map: Affine): LaneAddress {
    const bytes = bytesPerElement[buffer.dtype];
    const laneBytes = this.#laneStep(map) * bytes;
    const location = this.#context.locate(buffer);
    let start = location.offset + map.offset * bytes;
    const used = map.coefficients.map((coefficient, axis) => {
      const position = this.#positions.get(axis);
      if (position === undefined) return 0;
      start += position.plus * coefficient * bytes;
      return coefficient * bytes;
    });
    // Addresses wrap around, offsets of instructions do not. So if the address decreases, the start is part of it.
    const backwards = used.some((coefficient) => coefficient < 0) || laneBytes < 0;
    const key = `${used.join()}${backwards ? ` ${start}` : ""}`;
    const known = this.#bases.findLast((scope) => scope.has(key))?.get(key);
    if (known !== undefined) return { address: withBase(location, known), offset: backwards ? 0 : start, laneBytes };
    const terms = used.flatMap((coefficient, axis) => {
      const position = this.#positions.get(axis);
      return coefficient === 0 || position === undefined ? [] : [times(position.index, coefficient)];
    });
    if (backwards) terms.push(i32.const(start));
    const [first = i32.const(0), ...others] = terms;
    const address = this.#b.let(others.reduce<Expr<"i32">>((sum, term) => i32.add(sum, term), first));
    this.#bases.at(-1)?.set(key, address);
    return { address: withBase(location, address), offset: backwards ? 0 : start, laneBytes };
  }
}

/**
 * Writes the stores of copies that lie side by side. V8 merges stores of neighbours if no other store comes between them, and stores a pair at once if the
 * second is stored first; otherwise it stores the first one twice.
 */
export function write(copies: readonly Writes[]): void {
  copies[0]?.forEach((_, store) => copies.toReversed().forEach((writes) => writes[store]?.()));
}

function times(index: Expr<"i32">, factor: number): Expr<"i32"> {
  if (factor === 1) return index;
  const shift = Math.log2(factor);
  return Number.isInteger(shift) ? i32.shl(index, shift) : i32.mul(index, factor);
}
