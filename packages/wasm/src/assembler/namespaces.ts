import type { CodeWriter } from "./code-writer.js";
import { checkedExpr, Constant, Expr, type Literal, type Operand } from "./expression.js";
import { checkImmediates, type Immediates, type MemoryAccess } from "./immediates.js";
import type { Immediate, Instruction, OperandTypes, ResultType } from "./instruction.js";
import {
  type EffectInstruction,
  effectInstructions,
  type InstructionName,
  instructions,
  type InstructionTable,
  type ValueInstruction,
} from "./instructions/table.js";
import type { ValueType } from "./types.js";

type ImmediateOf<N extends InstructionName> = InstructionTable[N] extends { readonly 3: infer I extends Immediate }
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

/** A function of these operands, then these immediates. */
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

/** The function for one instruction of the table. */
export type InstructionFunction<N extends InstructionName> =
  ResultType<InstructionTable[N][2]> extends infer R
    ? R extends ValueType
      ? ImmediateOf<N> extends { readonly literal: true }
        ? (value: Literal<R>) => Expr<R>
        : OnOperands<OperandTypes<InstructionTable[N][2]>, ImmediateArguments<ImmediateOf<N>>, Expr<R>>
      : OnOperands<OperandTypes<InstructionTable[N][2]>, ImmediateArguments<ImmediateOf<N>>, void>
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

type AnyFunction = (...values: readonly unknown[]) => unknown;

/** An instruction with its operands and immediates, which are checked when this is made. */
class Applied<T extends ValueType> extends Expr<T> {
  readonly #row: Instruction;
  readonly #operands: readonly Expr<ValueType>[];
  readonly #immediates: Immediates;

  constructor(type: T, row: Instruction, values: readonly unknown[]) {
    super(type);
    this.#row = row;
    this.#operands = row.operands.map((operand, at) => checkedExpr(operand, values[at], row.name));
    this.#immediates = checkImmediates(row, values);
  }

  override emit(code: CodeWriter): void {
    for (const operand of this.#operands) operand.emit(code);
    code.instruction(this.#row, this.#immediates);
  }
}

/** The function for an instruction with a result of type `type`. */
function valueFunction(row: Instruction, type: ValueType): AnyFunction {
  if (row.immediate.literal === true) return (value) => new Constant(type, value);
  return (...values) => new Applied(type, row, values);
}

/** The function that writes an instruction without a result to `code`. */
function effectFunction(row: Instruction, code: CodeWriter): AnyFunction {
  return (...values) => {
    const operands = row.operands.map((operand, at) => checkedExpr(operand, values[at], row.name));
    const immediates = checkImmediates(row, values);
    for (const operand of operands) operand.emit(code);
    code.instruction(row, immediates);
  };
}

interface Members {
  [member: string]: Members | AnyFunction;
}

/** Puts `value` at a dotted path. */
function insert(root: Members, path: string, value: AnyFunction): void {
  const dot = path.indexOf(".");
  if (dot < 0) {
    root[path] = value;
    return;
  }
  const inner = (root[path.slice(0, dot)] ??= {});
  if (typeof inner === "object") insert(inner, path.slice(dot + 1), value);
}

/** The instructions among `Names`, in objects nested at the dots. */
export type Namespaces<Names extends InstructionName> = { readonly [P in Head<Names>]: Namespace<P, Names> };

/** The instructions with a result, as functions from operands to an expression. */
export function valueNamespaces(): Namespaces<ValueInstruction>;
export function valueNamespaces(): object {
  const root: Members = {};
  for (const row of instructions.values()) {
    if (row.result !== "void") insert(root, row.name, valueFunction(row, row.result));
  }
  return root;
}

/** The instructions without a result, as functions that write them to `code`. */
export function effectNamespaces(code: CodeWriter): Namespaces<EffectInstruction>;
export function effectNamespaces(code: CodeWriter): object {
  const root: Members = {};
  for (const row of effectInstructions) insert(root, row.name, effectFunction(row, code));
  return root;
}
