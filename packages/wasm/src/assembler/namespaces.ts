import { checkedExpr, Constant, type Expr, type Literal, type Operand, Operation } from "./expression.js";
import { checkImmediates, type Immediates, type MemoryAccess } from "./immediates.js";
import type { Immediate, Instruction, OperandTypes, ResultType } from "./instruction.js";
import {
  type EffectInstruction,
  effectsOf,
  type InstructionName,
  instructionsOf,
  type InstructionTable,
  type ValueInstruction,
} from "./instructions/table.js";
import { AssemblerError, type ValueType } from "./types.js";

type ImmediateOf<N extends InstructionName> = InstructionTable[N] extends readonly [
  number,
  string,
  infer I extends Immediate,
]
  ? I
  : Record<never, never>;

/** Arguments after the operands. */
type ImmediateArguments<I> = I extends { readonly align: number; readonly lanes: number }
  ? [lane: number, access?: MemoryAccess]
  : I extends { readonly align: number }
    ? [access?: MemoryAccess]
    : I extends { readonly lanes: number }
      ? [lane: number]
      : I extends { readonly shuffle: true }
        ? [lanes: readonly number[]]
        : [];

/** A function on these operands, then these immediates. */
type OnOperands<O, I extends readonly unknown[], R> = O extends readonly [
  infer A extends ValueType,
  infer B extends ValueType,
  infer C extends ValueType,
]
  ? (first: Operand<A>, second: Operand<B>, third: Operand<C>, ...immediates: I) => R
  : O extends readonly [infer A extends ValueType, infer B extends ValueType]
    ? (first: Operand<A>, second: Operand<B>, ...immediates: I) => R
    : O extends readonly [infer A extends ValueType]
      ? (operand: Operand<A>, ...immediates: I) => R
      : () => R;

/** The function that stands for one instruction of the table. */
export type InstructionFunction<N extends InstructionName> =
  ResultType<InstructionTable[N][1]> extends infer R
    ? R extends ValueType
      ? ImmediateOf<N> extends { readonly literal: true }
        ? (value: Literal<R>) => Expr<R>
        : OnOperands<OperandTypes<InstructionTable[N][1]>, ImmediateArguments<ImmediateOf<N>>, Expr<R>>
      : OnOperands<OperandTypes<InstructionTable[N][1]>, ImmediateArguments<ImmediateOf<N>>, void>
    : never;

type Rest<Prefix extends string, Names extends string> = Names extends `${Prefix}.${infer R}` ? R : never;
type Head<Path extends string> = Path extends `${infer H}.${string}` ? H : Path;

/** The instructions among `Names` that begin with `Prefix.`, as an object nested at each dot. */
export type Namespace<Prefix extends string, Names extends InstructionName> = {
  readonly [Member in Head<Rest<Prefix, Names>>]: `${Prefix}.${Member}` extends infer Full
    ? Full extends Names
      ? InstructionFunction<Full>
      : Full extends string
        ? Namespace<Full, Names>
        : never
    : never;
};

/** `value` as the operand at position `at` of `row`. */
function operand(row: Instruction, at: number, value: unknown): Expr<ValueType> {
  return checkedExpr(row.operands[at] ?? "i32", value, row.name);
}

type AnyFunction = (...values: readonly unknown[]) => unknown;

/** The function for `row`; one shape for each number of operands keeps building cheap. */
function valueFunction(row: Instruction, type: ValueType): AnyFunction {
  if (row.immediate.literal === true) return (value) => new Constant(type, checkedLiteral(row, value));
  switch (row.operands.length) {
    case 0:
      return () => new Operation(type, row, undefined);
    case 1:
      return (a, lane, access) => new Operation(type, row, checkImmediates(row, lane, access), operand(row, 0, a));
    case 2:
      return (a, b, lane, access) =>
        new Operation(type, row, checkImmediates(row, lane, access), operand(row, 0, a), operand(row, 1, b));
    default:
      return (a, b, c, lane, access) =>
        new Operation(
          type,
          row,
          checkImmediates(row, lane, access),
          operand(row, 0, a),
          operand(row, 1, b),
          operand(row, 2, c),
        );
  }
}

function checkedLiteral({ name }: Instruction, value: unknown): number | bigint | ArrayLike<number> {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (Array.isArray(value) || value instanceof Uint8Array) return value;
  throw new AssemblerError(`${name}: expected a number or the bytes of a vector, got ${String(value)}`);
}

function effectFunction(row: Instruction, sink: EffectSink): AnyFunction {
  const count = row.operands.length;
  return (...values) => {
    const operands: Expr<ValueType>[] = [];
    for (let at = 0; at < count; at++) operands.push(operand(row, at, values[at]));
    sink(row, operands, checkImmediates(row, values[count], values[count + 1]));
  };
}

interface Members {
  [member: string]: Members | AnyFunction;
}

/** Puts `value` at a dotted path. */
function place(root: Members, path: string, value: AnyFunction): void {
  const dot = path.indexOf(".");
  if (dot < 0) {
    root[path] = value;
    return;
  }
  const inner = (root[path.slice(0, dot)] ??= {});
  if (typeof inner === "object") place(inner, path.slice(dot + 1), value);
}

/** First parts of the names of the instructions. */
export type Prefix = Head<InstructionName>;

/** The instructions `prefix.*` that leave a value, as functions from operands to an expression. */
export function valueNamespace<P extends Prefix>(prefix: P): Namespace<P, ValueInstruction>;
export function valueNamespace(prefix: string): object {
  const root: Members = {};
  for (const row of instructionsOf(prefix)) {
    if (row.result !== "void") place(root, row.name.slice(prefix.length + 1), valueFunction(row, row.result));
  }
  return root;
}

/** Receives an instruction that is carried out for its effect. */
export type EffectSink = (
  row: Instruction,
  operands: readonly Expr<ValueType>[],
  immediates: Immediates | undefined,
) => void;

/** The instructions `prefix.*` that leave nothing, as functions that hand themselves to `sink`. */
export function effectNamespace<P extends Prefix>(prefix: P, sink: EffectSink): Namespace<P, EffectInstruction>;
export function effectNamespace(prefix: string, sink: EffectSink): object {
  const root: Members = {};
  for (const row of effectsOf(prefix)) place(root, row.name.slice(prefix.length + 1), effectFunction(row, sink));
  return root;
}
