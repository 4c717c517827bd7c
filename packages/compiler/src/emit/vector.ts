import type { DType } from "@nn/tensor";
import { bytesPerElement } from "@nn/tensor/extend";
import { f32x4, f64x2, i16x8, i32, i32x4, i8x16, v128, type Expr, type ValueType } from "@nn/wasm";
import { at } from "../ir/at.js";
import { GraphError } from "../errors.js";
import { isFunction } from "../ir/op-kinds.js";
import type { ElementwisePrimitive, ReductionKind } from "../ir/program.js";
import type { CodeTable } from "./forms.js";
import type { Accumulator, Code, Lanes, LaneAddress } from "./lanes.js";
import { inEachLane, shiftLeft, shiftRight } from "./shift.js";

type Vector = Expr<"v128">;
/** The operands come first, so an instruction can be used as an operation. Operations ignore the parameters that they do not need. */
type Operation = (x: Vector, y: Vector, b: Code) => Vector;

/** A value known to be a vector. */
export function vector(value: Expr<ValueType> | undefined): Vector {
  if (value === undefined || !isVector(value)) throw new GraphError("a vector was expected");
  return value;
}

function isVector(value: Expr<ValueType>): value is Vector {
  return value.type === "v128";
}

/** A choice of lanes: 0 to 3 of the first vector, 4 to 7 of the second. */
function shuffle(x: Vector, y: Vector, ...lanes: readonly number[]): Vector {
  return i8x16.shuffle(x, y, lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)));
}

/**
 * The larger of two numbers: NaN if one of them is NaN, and 0 for 0 and −0. `f32x4.max` does the same and also makes NaN canonical, which
 * takes eight instructions on x86 instead of five.
 */
function maximum(x: Vector, y: Vector, b: Code): Vector {
  const [left, right] = [b.let(x), b.let(y)];
  const [one, other] = [b.let(f32x4.pmax(left, right)), b.let(f32x4.pmax(right, left))];
  return f32x4.sub(v128.or(one, other), v128.xor(one, other));
}

/** The smaller of two numbers: NaN if one of them is NaN, and −0 for 0 and −0. */
function minimum(x: Vector, y: Vector, b: Code): Vector {
  const [left, right] = [b.let(x), b.let(y)];
  return v128.or(f32x4.pmin(left, right), f32x4.pmin(right, left));
}

/** Elementwise primitives on four float32. Booleans are masks: all bits of a lane set or none. */
const float32: CodeTable<"vector", "float32", Operation> = {
  neg: f32x4.neg,
  abs: f32x4.abs,
  sign: (x, _, b) => {
    const input = b.let(x);
    const unit = v128.or(v128.and(input, f32x4.const(-0)), f32x4.const(1));
    return v128.bitselect(unit, input, v128.or(f32x4.lt(input, f32x4.const(0)), f32x4.gt(input, f32x4.const(0))));
  },
  floor: f32x4.floor,
  ceil: f32x4.ceil,
  round: f32x4.nearest,
  trunc: f32x4.trunc,
  sqrt: f32x4.sqrt,
  add: f32x4.add,
  sub: f32x4.sub,
  mul: f32x4.mul,
  div: f32x4.div,
  maximum,
  minimum,
  equal: f32x4.eq,
  less: f32x4.lt,
  lessEqual: f32x4.le,
};

const int32: CodeTable<"vector", "int32", Operation> = {
  neg: i32x4.neg,
  abs: i32x4.abs,
  sign: (x, _, b) => {
    const input = b.let(x);
    const zero = i32x4.const(0);
    return i32x4.sub(i32x4.lt_s(input, zero), i32x4.gt_s(input, zero));
  },
  add: i32x4.add,
  sub: i32x4.sub,
  mul: i32x4.mul,
  maximum: i32x4.max_s,
  minimum: i32x4.min_s,
  equal: i32x4.eq,
  less: i32x4.lt_s,
  lessEqual: i32x4.le_s,
  bitwiseAnd: v128.and,
  bitwiseOr: v128.or,
  bitwiseXor: v128.xor,
  bitwiseLeftShift: inEachLane(shiftLeft),
  bitwiseRightShift: inEachLane(shiftRight),
};

const bool: CodeTable<"vector", "bool", Operation> = {
  logicalNot: v128.not,
  logicalAnd: v128.and,
  logicalOr: v128.or,
  equal: i32x4.eq,
  less: (x, y) => v128.andnot(y, x),
  lessEqual: (x, y) => v128.or(v128.not(x), y),
  maximum: v128.or,
  minimum: v128.and,
};

const operations: { readonly [D in DType]: { readonly [P in ElementwisePrimitive]?: Operation } } = { float32, int32, bool, float64: {} };

function cast(from: DType, to: DType, x: Vector): Vector {
  if (from === to) return x;
  if (to === "bool") return from === "float32" ? f32x4.ne(x, f32x4.const(0)) : i32x4.ne(x, i32x4.const(0));
  if (from === "bool") return to === "float32" ? v128.and(x, f32x4.const(1)) : v128.and(x, i32x4.const(1));
  return to === "float32" ? f32x4.convert_i32x4_s(x) : i32x4.trunc_sat_f32x4_s(x);
}

/** The first `width` lanes of a vector. */
function firstLanes(width: number): Vector {
  return i32x4.const(...[0, 1, 2, 3].map((lane) => (lane < width ? -1 : 0)));
}

/** Four elements of float32, int32 or bool at a time. */
export const vectorLanes: Lanes = {
  count: 4,

  constant(dtype, value) {
    if (dtype === "float32") return f32x4.const(value);
    return i32x4.const(dtype === "bool" ? -Number(value !== 0) : value);
  },

  load(b, dtype, source, width) {
    const bytes = bytesPerElement[dtype];
    if (dtype === "bool") return loadMask(source, width);
    if (source.laneBytes === 0) return v128.load32_splat(source.address, { offset: source.offset });
    if (source.laneBytes === bytes) return v128.load(source.address, { offset: source.offset, align: 4 });
    const address = b.let(source.address);
    if (source.laneBytes === 2 * bytes && width === 4) {
      const half = (bytes: number): Vector => v128.load(address, { offset: source.offset + bytes, align: 4 });
      return shuffle(half(0), half(16), 0, 2, 4, 6);
    }
    let result = v128.load32_zero(address, { offset: source.offset });
    for (let lane = 1; lane < width; lane++) {
      result = v128.load32_lane(laneAddress(address, lane * source.laneBytes), result, lane, { offset: source.offset });
    }
    return result;
  },

  loadEach(_, dtype, addresses) {
    const [first, ...others] = addresses;
    if (first === undefined) throw new GraphError("a gather has at least one lane");
    if (dtype === "bool") {
      const masks = addresses.map(({ address, offset }) => i32.sub(0, i32.load8_u(address, { offset })));
      return masks.slice(1).reduce((all: Vector, mask, lane) => i32x4.replace_lane(all, mask, lane + 1), i32x4.splat(at(masks, 0)));
    }
    return others.reduce(
      (all: Vector, { address, offset }, lane) => v128.load32_lane(address, all, lane + 1, { offset }),
      v128.load32_zero(first.address, { offset: first.offset }),
    );
  },

  store(b, dtype, target, width, value) {
    const x = vector(value);
    if (dtype === "bool") return storeMask(b, target, width, x);
    const { offset, laneBytes } = target;
    if (width === 4 && laneBytes === 4) return b.v128.store(target.address, x, { offset, align: 4 });
    const address = b.let(target.address);
    const whole = b.let(x);
    for (let lane = 0; lane < width; lane++) b.v128.store32_lane(laneAddress(address, lane * laneBytes), whole, lane, { offset });
    return undefined;
  },

  position(dtype, start, step) {
    const positions = i32x4.add(i32x4.splat(start), i32x4.const(0, step, 2 * step, 3 * step));
    return dtype === "float32" ? f32x4.convert_i32x4_s(positions) : positions;
  },

  apply(b, primitive, output, inputs, dtype, functions) {
    const [x, y, z] = inputs.map(vector);
    if (x === undefined) throw new GraphError(`${primitive} has no input`);
    if (primitive === "cast") return cast(dtype, output, x);
    if (primitive === "select") return v128.bitselect(vector(y), vector(z), x);
    if (isFunction(primitive) && functions !== undefined) return functions.code.vectorFunction(primitive)(b, x, y ?? x);
    const operation = operations[dtype][primitive];
    if (operation === undefined) throw new GraphError(`${primitive} of ${dtype} has no vector form`);
    return operation(x, y ?? x, b);
  },

  accumulator(b, reduction, dtype, wide) {
    if (dtype === "float32" && ((reduction === "sum" && wide === true) || reduction === "prod")) return new WideAccumulator(b, combiners[reduction]);
    return new VectorAccumulator(b, reduction, dtype);
  },

  mayOverflow: (reduction, dtype) => reduction === "sum" && dtype === "float32",

  extract(value, lane) {
    return i32x4.extract_lane(vector(value), lane);
  },
};

function laneAddress(address: Expr<"i32">, bytes: number): Expr<"i32"> {
  return bytes === 0 ? address : i32.add(address, i32.const(bytes));
}

function loadMask({ address, offset, laneBytes }: LaneAddress, width: number): Vector {
  if (laneBytes === 0) return i32x4.splat(i32.sub(0, i32.load8_u(address, { offset })));
  let bytes = laneBytes === 1 ? v128.load32_zero(address, { offset, align: 1 }) : v128.load8_splat(address, { offset });
  if (laneBytes !== 1) {
    for (let lane = 1; lane < width; lane++) bytes = v128.load8_lane(laneAddress(address, lane * laneBytes), bytes, lane, { offset });
  }
  return i32x4.neg(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

function storeMask(b: Code, { address, offset, laneBytes }: LaneAddress, width: number, mask: Vector): void {
  const bits = b.let(v128.and(mask, i32x4.const(1)));
  const words = i16x8.narrow_i32x4_u(bits, bits);
  const bytes = b.let(i8x16.narrow_i16x8_u(words, words));
  if (width === 4 && laneBytes === 1) return b.v128.store32_lane(address, bytes, 0, { offset, align: 1 });
  const start = b.let(address);
  for (let lane = 0; lane < width; lane++) b.v128.store8_lane(laneAddress(start, lane * laneBytes), bytes, lane, { offset });
  return undefined;
}

/** The elementwise primitive that a reduction repeats. */
export const combiners = { sum: "add", prod: "mul", max: "maximum", min: "minimum" } as const;

/** The identity element of a reduction. */
export function identityOf(reduction: ReductionKind, dtype: DType): number {
  const [low, high] = dtype === "bool" ? [0, 1] : dtype === "int32" ? [-(2 ** 31), 2 ** 31 - 1] : [-Infinity, Infinity];
  return { sum: 0, prod: 1, max: low, min: high }[reduction];
}

class VectorAccumulator implements Accumulator {
  readonly #b: Code;
  readonly #combine: (x: Vector, y: Vector) => Vector;
  readonly #identity: Vector;
  readonly #total;

  constructor(b: Code, reduction: ReductionKind, dtype: DType) {
    this.#b = b;
    this.#combine = (x, y) => vector(vectorLanes.apply(b, combiners[reduction], dtype, [x, y], dtype));
    this.#identity = vector(vectorLanes.constant(dtype, identityOf(reduction, dtype)));
    this.#total = b.local("v128", this.#identity);
  }

  add(value: Expr<ValueType>, width: number): void {
    const x = vector(value);
    const counted = width === 4 ? x : v128.bitselect(x, this.#identity, firstLanes(width));
    this.#b.set(this.#total, this.#combine(this.#total, counted));
  }

  merge(other: Accumulator): void {
    this.#b.set(this.#total, this.#combine(this.#total, vector(other.finish(false))));
  }

  finish(acrossLanes: boolean): Vector {
    if (!acrossLanes) return this.#total;
    const b = this.#b;
    const halves = b.let(this.#combine(this.#total, shuffle(this.#total, this.#total, 2, 3, 0, 1)));
    return b.let(this.#combine(halves, shuffle(halves, halves, 1, 2, 3, 0)));
  }
}

/** Whether a lane is infinite or NaN. */
export function anyNotFinite(value: Expr<ValueType>): Expr<"i32"> {
  return v128.any_true(f32x4.ne(f32x4.sub(vector(value), vector(value)), f32x4.const(0)));
}

/** Sums and products of float32, computed in float64 and rounded once, as in eager execution. Partial results may exceed the range of float32. */
class WideAccumulator implements Accumulator {
  readonly #b: Code;
  readonly #combined: "add" | "mul";
  /** The totals of the first two lanes, and of the last two. */
  readonly #totals;

  constructor(b: Code, combined: "add" | "mul") {
    this.#b = b;
    this.#combined = combined;
    this.#totals = [0, 1].map(() => b.local("v128", this.#identity));
  }

  get #identity(): Vector {
    return f64x2.splat(this.#combined === "add" ? 0 : 1);
  }

  add(value: Expr<ValueType>, width: number): void {
    const x = this.#b.let(vector(value));
    const halves = [x, shuffle(x, x, 2, 3, 0, 1)].map((half) => f64x2.promote_low_f32x4(half));
    halves.forEach((half, side) => {
      const lanes = Math.max(0, Math.min(2, width - 2 * side));
      if (lanes > 0) this.#take(side, lanes === 2 ? half : v128.bitselect(half, this.#identity, firstLanes(2)));
    });
  }

  merge(other: Accumulator): void {
    if (other instanceof WideAccumulator) other.#totals.forEach((total, side) => this.#take(side, total));
    else this.add(other.finish(false), 4);
  }

  finish(acrossLanes: boolean): Vector {
    const b = this.#b;
    const [low, high] = this.#totals;
    if (low === undefined || high === undefined) throw new GraphError("there are two totals");
    if (!acrossLanes) return shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
    const both = b.let(f64x2[this.#combined](low, high));
    const total = b.let(f32x4.demote_f64x2_zero(f64x2[this.#combined](both, shuffle(both, both, 2, 3, 0, 1))));
    return shuffle(total, total, 0, 0, 0, 0);
  }

  #take(side: number, value: Vector): void {
    const total = at(this.#totals, side);
    this.#b.set(total, f64x2[this.#combined](total, value));
  }
}
