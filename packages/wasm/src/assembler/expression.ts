import { describe, refuseArgument } from "../arguments.js";
import type { CodeWriter } from "./code-writer.js";
import { instruction } from "./instructions/table.js";
import { AssemblerError, type ValueType } from "./types.js";

/**
 * A value of type `T` that a function will compute: an immutable tree of instructions.
 *
 * Building an expression emits nothing. Its code is emitted where a statement of a builder uses it, and again for every further
 * use. To compute it once and use it often, name it with `b.let(expression)`. Locals, globals and memory are read when the code
 * runs, not when the tree is built.
 */
export abstract class Expr<T extends ValueType> {
  readonly type: T;

  constructor(type: T) {
    this.type = type;
  }

  /** Appends code that leaves the value on the stack. */
  abstract emit(code: CodeWriter): void;
}

/** A value of type `T`: an expression, or a JavaScript number (`bigint` for i64) as a constant. */
export type Operand<T extends ValueType> = Expr<T> | (T extends "v128" ? never : T extends "i64" ? bigint : number);

/** The JavaScript form of a constant of type `T`. A `v128` is given as its sixteen bytes, lowest address first. */
export type Literal<T extends ValueType> = T extends "v128" ? ArrayLike<number> : T extends "i64" ? bigint : number;

/** The JavaScript form of constants of each type, for error messages. */
const literals: { readonly [T in ValueType]: string } = {
  i32: "an integer in -2^31 .. 2^32-1",
  i64: "a bigint in -2^63 .. 2^64-1",
  f32: "a number",
  f64: "a number",
  v128: "16 bytes",
};

/** A constant. */
export class Constant<T extends ValueType> extends Expr<T> {
  readonly value: number | bigint | ArrayLike<number>;

  /** @throws AssemblerError that begins with `user` if `value` is not a constant of this type. */
  constructor(type: T, value: unknown, user = `${type}.const`) {
    super(type);
    this.value = checkedLiteral(type, value, user);
  }

  override emit(code: CodeWriter): void {
    const { type, value } = this;
    code.instruction(instruction(`${type}.const`));
    if (typeof value === "bigint") code.s64(value);
    else if (typeof value !== "number") code.bytes(value);
    else if (type === "i32") code.s32(value);
    else if (type === "f32") code.f32(value);
    else code.f64(value);
  }
}

/** A value that the code written by `emit` leaves on the stack. */
export class Computed<T extends ValueType> extends Expr<T> {
  readonly #emit: (code: CodeWriter) => void;

  constructor(type: T, emit: (code: CodeWriter) => void) {
    super(type);
    this.#emit = emit;
  }

  override emit(code: CodeWriter): void {
    this.#emit(code);
  }
}

/** `whenTrue` if `condition` is not zero, else `whenFalse`. Both are computed. For vectors, it selects a whole vector. */
export function select<T extends ValueType>(
  condition: Operand<"i32">,
  whenTrue: Expr<T>,
  whenFalse: Operand<NoInfer<T>>,
): Expr<T> {
  const test = asExpr("i32", condition, "select: condition");
  requireExpr("select", "whenTrue", whenTrue);
  const otherwise = asExpr(whenTrue.type, whenFalse, "select");
  return new Computed(whenTrue.type, (code) => {
    whenTrue.emit(code);
    otherwise.emit(code);
    test.emit(code);
    code.byte(0x1b);
  });
}

/** Refuses values that are not expressions, where the type is not known. */
export function requireExpr(user: string, name: string, value: unknown): void {
  if (!(value instanceof Expr)) refuseArgument(user, name, value, "an expression");
}

/** `value` as an expression of type `type`, for `user`; a JavaScript number becomes a constant. */
export function asExpr<T extends ValueType>(type: T, value: Operand<T>, user: string): Expr<T>;
export function asExpr(type: ValueType, value: unknown, user: string): Expr<ValueType> {
  return checkedExpr(type, value, user);
}

/** The same for a value whose type TypeScript could not check. */
export function checkedExpr(type: ValueType, value: unknown, user: string): Expr<ValueType> {
  if (value instanceof Expr && value.type === type) return value;
  if (typeof value === "number" && type !== "i64" && type !== "v128") return new Constant(type, value, user);
  if (typeof value === "bigint" && type === "i64") return new Constant(type, value, user);
  const got = value instanceof Expr ? `an expression of type ${value.type}` : describe(value);
  throw new AssemblerError(`${user}: expected a value of type ${type}, got ${got}`);
}

function checkedLiteral(type: ValueType, value: unknown, user: string): number | bigint | ArrayLike<number> {
  if (type === "v128") {
    if ((Array.isArray(value) || value instanceof Uint8Array) && value.length === 16) return value;
  } else if (type === "i64") {
    if (typeof value === "bigint" && value >= -(2n ** 63n) && value < 2n ** 64n) return value;
  } else if (typeof value === "number") {
    if (type !== "i32" || (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32)) return value;
  }
  throw new AssemblerError(`${user}: expected ${literals[type]}, got ${String(value)}`);
}
