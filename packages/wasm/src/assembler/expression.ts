import type { CodeWriter } from "./code-writer.js";
import { emitInstruction, type Immediates } from "./immediates.js";
import type { Instruction } from "./instruction.js";
import { instruction } from "./instructions/table.js";
import { AssemblerError, type ValueType } from "./types.js";

/**
 * A value of type `T` that a function will compute: an immutable tree of instructions.
 *
 * Building one emits nothing. Its code is emitted where a builder's statement takes it, and again each time another
 * statement takes it: to compute once and use often, name it with `b.let(expression)`. Locals, globals and memory
 * are read when that code runs, not when the tree is built.
 */
export abstract class Expr<T extends ValueType> {
  readonly type: T;

  constructor(type: T) {
    this.type = type;
  }

  /** Appends code that leaves the value on the stack. */
  abstract emit(code: CodeWriter): void;
}

/** What may stand for a value of type `T`: an expression, or a JavaScript number (`bigint` for i64) as a constant. */
export type Operand<T extends ValueType> = Expr<T> | (T extends "v128" ? never : T extends "i64" ? bigint : number);

/** What a constant of type `T` is written as; `v128` as its sixteen bytes, lowest address first. */
export type Literal<T extends ValueType> = T extends "v128" ? ArrayLike<number> : T extends "i64" ? bigint : number;

/** A constant. */
export class Constant<T extends ValueType> extends Expr<T> {
  readonly value: number | bigint | ArrayLike<number>;

  constructor(type: T, value: number | bigint | ArrayLike<number>) {
    super(type);
    checkLiteral(type, value);
    this.value = value;
  }

  override emit(code: CodeWriter): void {
    emitConstant(code, this.type, this.value);
  }
}

/** One instruction of the table on up to three operands. */
export class Operation<T extends ValueType> extends Expr<T> {
  readonly #row: Instruction;
  readonly #first: Expr<ValueType> | undefined;
  readonly #second: Expr<ValueType> | undefined;
  readonly #third: Expr<ValueType> | undefined;
  readonly #immediates: Immediates | undefined;

  constructor(
    type: T,
    row: Instruction,
    immediates: Immediates | undefined,
    first?: Expr<ValueType>,
    second?: Expr<ValueType>,
    third?: Expr<ValueType>,
  ) {
    super(type);
    this.#row = row;
    this.#first = first;
    this.#second = second;
    this.#third = third;
    this.#immediates = immediates;
  }

  override emit(code: CodeWriter): void {
    if (this.#first !== undefined) this.#first.emit(code);
    if (this.#second !== undefined) this.#second.emit(code);
    if (this.#third !== undefined) this.#third.emit(code);
    emitInstruction(code, this.#row, this.#immediates);
  }
}

class Select<T extends ValueType> extends Expr<T> {
  readonly #condition: Expr<"i32">;
  readonly #whenTrue: Expr<T>;
  readonly #whenFalse: Expr<T>;

  constructor(condition: Expr<"i32">, whenTrue: Expr<T>, whenFalse: Expr<T>) {
    super(whenTrue.type);
    this.#condition = condition;
    this.#whenTrue = whenTrue;
    this.#whenFalse = whenFalse;
  }

  override emit(code: CodeWriter): void {
    this.#whenTrue.emit(code);
    this.#whenFalse.emit(code);
    this.#condition.emit(code);
    code.byte(0x1b);
  }
}

/** `whenTrue` if `condition` is not zero, else `whenFalse`. Both are computed; it is one choice for the whole vector. */
export function select<T extends ValueType>(
  condition: Operand<"i32">,
  whenTrue: Expr<T>,
  whenFalse: Operand<NoInfer<T>>,
): Expr<T> {
  return new Select(
    asExpr("i32", condition, "select: condition"),
    whenTrue,
    asExpr(whenTrue.type, whenFalse, "select"),
  );
}

/** `value` as an expression of type `type`, for `user`; a JavaScript number becomes a constant. */
export function asExpr<T extends ValueType>(type: T, value: Operand<T>, user: string): Expr<T>;
export function asExpr(type: ValueType, value: unknown, user: string): Expr<ValueType> {
  return checkedExpr(type, value, user);
}

/** The same for a value whose type the compiler could not check. */
export function checkedExpr(type: ValueType, value: unknown, user: string): Expr<ValueType> {
  if (value instanceof Expr && value.type === type) return value;
  if (typeof value === "number" && type !== "i64" && type !== "v128") return new Constant(type, value);
  if (typeof value === "bigint" && type === "i64") return new Constant(type, value);
  const got = value instanceof Expr ? `an expression of type ${value.type}` : `${typeof value} ${String(value)}`;
  throw new AssemblerError(`${user}: expected a value of type ${type}, got ${got}`);
}

function checkLiteral(type: ValueType, value: unknown): void {
  switch (type) {
    case "i32":
      if (typeof value === "number" && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32) return;
      throw new AssemblerError(`i32.const: expected an integer in -2^31 .. 2^32-1, got ${String(value)}`);
    case "i64":
      if (typeof value === "bigint" && value >= -(2n ** 63n) && value < 2n ** 64n) return;
      throw new AssemblerError(`i64.const: expected a bigint in -2^63 .. 2^64-1, got ${String(value)}`);
    case "f32":
    case "f64":
      if (typeof value === "number") return;
      throw new AssemblerError(`${type}.const: expected a number, got ${String(value)}`);
    case "v128":
      if (typeof value === "object" && value !== null && "length" in value && value.length === 16) return;
      throw new AssemblerError(`v128.const: expected 16 bytes, got ${String(value)}`);
  }
}

/** Writes a constant instruction; the value was checked when the constant was made. */
function emitConstant(code: CodeWriter, type: ValueType, value: number | bigint | ArrayLike<number>): void {
  code.instruction(instruction(`${type}.const`));
  if (typeof value === "bigint") code.s64(value);
  else if (typeof value !== "number") code.bytes(value);
  else if (type === "i32") code.s32(value);
  else if (type === "f32") code.f32(value);
  else code.f64(value);
}
