import type { DType } from "@nn/tensor";
import { call, f32, f64, i32, select, type Expr, type ValueType } from "@nn/wasm";
import { GraphError } from "../errors.js";
import type { ElementwisePrimitive, ReductionKind } from "../ir/program.js";
import type { CodeTable } from "./forms.js";
import type { Accumulator, Code, Lanes } from "./lanes.js";
import { shiftLeft, shiftRight } from "./shift.js";
import { combiners, identityOf } from "./vector.js";

type Double = Expr<"f64">;
type Int = Expr<"i32">;
type FloatOperation = (x: Double, y: Double, b: Code) => Expr<ValueType>;
type IntOperation = (x: Int, y: Int, b: Code) => Int;

/** A value known to be a float64. */
export function double(value: Expr<ValueType> | undefined): Double {
  if (value === undefined || !isDouble(value)) throw new GraphError("a float64 was expected");
  return value;
}

function int(value: Expr<ValueType> | undefined): Int {
  if (value === undefined || !isInt(value)) throw new GraphError("an int32 was expected");
  return value;
}

const isDouble = (value: Expr<ValueType>): value is Double => value.type === "f64";
const isInt = (value: Expr<ValueType>): value is Int => value.type === "i32";

/**
 * Code for the elementwise primitives of one floating-point number that WebAssembly has instructions for, in float64. The others are
 * elementary functions, which are called. Results of float32 are rounded at once. Entries are written `(x) => f64.neg(x)`, not `f64.neg`:
 * bundlers cannot drop an unused table that reads properties.
 */
const floating: CodeTable<"scalar", "float", FloatOperation> = {
  neg: (x) => f64.neg(x),
  abs: (x) => f64.abs(x),
  sign: (x, _, b) => {
    const input = b.let(x);
    return select(i32.or(f64.lt(input, 0), f64.gt(input, 0)), f64.copysign(f64.const(1), input), input);
  },
  floor: (x) => f64.floor(x),
  ceil: (x) => f64.ceil(x),
  round: (x) => f64.nearest(x),
  trunc: (x) => f64.trunc(x),
  sqrt: (x) => f64.sqrt(x),
  add: (x, y) => f64.add(x, y),
  sub: (x, y) => f64.sub(x, y),
  mul: (x, y) => f64.mul(x, y),
  div: (x, y) => f64.div(x, y),
  maximum: (x, y) => f64.max(x, y),
  minimum: (x, y) => f64.min(x, y),
  equal: (x, y) => f64.eq(x, y),
  less: (x, y) => f64.lt(x, y),
  lessEqual: (x, y) => f64.le(x, y),
};

const integral: CodeTable<"scalar", "int", IntOperation> = {
  neg: (x) => i32.sub(0, x),
  abs: (x, _, b) => {
    const input = b.let(x);
    return select(i32.lt_s(input, 0), i32.sub(0, input), input);
  },
  sign: (x, _, b) => {
    const input = b.let(x);
    return i32.sub(i32.gt_s(input, 0), i32.lt_s(input, 0));
  },
  add: (x, y) => i32.add(x, y),
  sub: (x, y) => i32.sub(x, y),
  mul: (x, y) => i32.mul(x, y),
  remainder: integerRemainder,
  pow: integerPower,
  maximum: (x, y, b) => {
    const [p, q] = [b.let(x), b.let(y)];
    return select(i32.gt_s(p, q), p, q);
  },
  minimum: (x, y, b) => {
    const [p, q] = [b.let(x), b.let(y)];
    return select(i32.lt_s(p, q), p, q);
  },
  equal: (x, y) => i32.eq(x, y),
  less: (x, y) => i32.lt_s(x, y),
  lessEqual: (x, y) => i32.le_s(x, y),
  logicalNot: (x) => i32.eqz(x),
  logicalAnd: (x, y) => i32.and(x, y),
  logicalOr: (x, y) => i32.or(x, y),
  bitwiseAnd: (x, y) => i32.and(x, y),
  bitwiseOr: (x, y) => i32.or(x, y),
  bitwiseXor: (x, y) => i32.xor(x, y),
  bitwiseLeftShift: shiftLeft,
  bitwiseRightShift: shiftRight,
};

/** x − y·⌊x / y⌋. A divisor of 0 traps, and the trap becomes an error at the caller. */
function integerRemainder(x: Int, y: Int, b: Code): Int {
  const divisor = b.let(y);
  const rest = b.let(i32.rem_s(x, divisor));
  const opposite = i32.and(i32.ne(rest, 0), i32.lt_s(i32.xor(rest, divisor), 0));
  return b.let(i32.add(rest, select(opposite, divisor, i32.const(0))));
}

/** xʸ by squaring, wrapping around. A negative exponent traps. */
function integerPower(x: Int, y: Int, b: Code): Int {
  const base = b.let(x);
  const exponent = b.let(y);
  const result = b.local("i32", 1);
  b.if(i32.lt_s(exponent, 0), () => b.unreachable());
  b.while(i32.ne(exponent, 0), () => {
    b.if(i32.and(exponent, 1), () => b.set(result, i32.mul(result, base)));
    b.set(base, i32.mul(base, base));
    b.set(exponent, i32.shr_u(exponent, 1));
  });
  return result;
}

const isFloating = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";

/** Rounds to float32 what is held in a float64. */
function rounded(dtype: DType, value: Expr<ValueType>): Expr<ValueType> {
  return dtype === "float32" ? f64.promote_f32(f32.demote_f64(double(value))) : value;
}

function cast(from: DType, to: DType, value: Expr<ValueType>): Expr<ValueType> {
  if (from === to) return value;
  if (isFloating(from)) {
    if (to === "bool") return f64.ne(double(value), 0);
    return to === "int32" ? i32.trunc_sat_f64_s(double(value)) : rounded(to, value);
  }
  if (isFloating(to)) return rounded(to, f64.convert_i32_s(int(value)));
  return to === "bool" ? i32.ne(int(value), 0) : value;
}

/** One element of any dtype at a time; floating-point numbers are held as float64, booleans as 0 and 1. */
export const scalarLanes: Lanes = {
  count: 1,

  constant(dtype, value) {
    return isFloating(dtype) ? f64.const(dtype === "float32" ? Math.fround(value) : value) : i32.const(value);
  },

  load(_, dtype, { address, offset }) {
    switch (dtype) {
      case "float32": return f64.promote_f32(f32.load(address, { offset }));
      case "float64": return f64.load(address, { offset });
      case "int32": return i32.load(address, { offset });
      case "bool": return i32.load8_u(address, { offset });
    }
  },

  loadEach(b, dtype, [at]) {
    if (at === undefined) throw new GraphError("a gather has a lane");
    return scalarLanes.load(b, dtype, at, 1);
  },

  store(b, dtype, { address, offset }, _, value) {
    switch (dtype) {
      case "float32": return b.f32.store(address, f32.demote_f64(double(value)), { offset });
      case "float64": return b.f64.store(address, double(value), { offset });
      case "int32": return b.i32.store(address, int(value), { offset });
      case "bool": return b.i32.store8(address, int(value), { offset });
    }
  },

  position(dtype, start) {
    return isFloating(dtype) ? f64.convert_i32_s(start) : start;
  },

  apply(b, primitive, output, inputs, dtype, functions) {
    const [x, y, z] = inputs;
    if (x === undefined) throw new GraphError(`${primitive} has no input`);
    if (primitive === "cast") return cast(dtype, output, x);
    if (primitive === "select") return choose(y, z, int(x));
    const missing = (): never => {
      throw new GraphError(`${primitive} of ${dtype} has no scalar form`);
    };
    const whole: { readonly [P in ElementwisePrimitive]?: IntOperation } = integral;
    if (!isFloating(dtype)) return (whole[primitive] ?? missing)(int(x), int(y ?? x), b);
    const operands = { x: double(x), y: double(y ?? x) };
    const instructions: { readonly [P in ElementwisePrimitive]?: FloatOperation } = floating;
    const instruction = instructions[primitive];
    if (instruction !== undefined) return rounded(output, instruction(operands.x, operands.y, b));
    return rounded(output, call(functions?.imported?.get(primitive) ?? missing(), operands));
  },

  accumulator(b, reduction, dtype) {
    return new ScalarAccumulator(b, reduction, dtype);
  },

  mayOverflow: () => false,

  extract(value) {
    return int(value);
  },
};

function choose(x: Expr<ValueType> | undefined, y: Expr<ValueType> | undefined, condition: Int): Expr<ValueType> {
  if (x !== undefined && y !== undefined && isDouble(x)) return select(condition, x, double(y));
  return select(condition, int(x), int(y));
}

class ScalarAccumulator implements Accumulator {
  readonly #b: Code;
  readonly #reduction: ReductionKind;
  readonly #dtype: DType;
  readonly #total;

  constructor(b: Code, reduction: ReductionKind, dtype: DType) {
    this.#b = b;
    this.#reduction = reduction;
    this.#dtype = dtype;
    const initial = scalarLanes.constant(dtype, identityOf(reduction, dtype));
    this.#total = isDouble(initial) ? b.let(initial) : b.let(int(initial));
  }

  add(value: Expr<ValueType>): void {
    const primitive = combiners[this.#reduction];
    const b = this.#b;
    if (this.#total.type === "f64") {
      // Sums of float32 are kept in float64 and rounded once.
      b.set(this.#total, double(scalarLanes.apply(b, primitive, "float64", [this.#total, value], "float64")));
    } else {
      b.set(this.#total, int(scalarLanes.apply(b, primitive, "int32", [this.#total, value], "int32")));
    }
  }

  merge(other: Accumulator): void {
    if (other instanceof ScalarAccumulator) this.add(other.#total);
  }

  finish(): Expr<ValueType> {
    return rounded(this.#dtype, this.#total);
  }
}
