import type { FunctionBuilder } from "../../assembler/function-builder.js";
import type { Expr } from "../../assembler/expression.js";
import type { ValueType } from "../../assembler/types.js";

/** What the generators need of a builder; the builder of any function has it. */
export type MathCode = Pick<
  FunctionBuilder<ValueType | "void">,
  "let" | "local" | "set" | "if" | "block" | "loop" | "br" | "brIf" | "while" | "scope"
>;

/** Writes the code of one function of one number (or of four at once) and gives its result. */
export type UnaryCode<T extends ValueType> = (b: MathCode, x: Expr<T>) => Expr<T>;

/** The same of two. */
export type BinaryCode<T extends ValueType> = (b: MathCode, x: Expr<T>, y: Expr<T>) => Expr<T>;

/** The elementary functions on values of one type. */
export interface MathFunctions<T extends ValueType> {
  readonly exp: UnaryCode<T>;
  readonly expm1: UnaryCode<T>;
  readonly log: UnaryCode<T>;
  readonly log1p: UnaryCode<T>;
  readonly sin: UnaryCode<T>;
  readonly cos: UnaryCode<T>;
  readonly tanh: UnaryCode<T>;
  readonly sigmoid: UnaryCode<T>;
  readonly erf: UnaryCode<T>;
  readonly erfc: UnaryCode<T>;
  readonly erfInv: UnaryCode<T>;
  readonly pow: BinaryCode<T>;
  readonly atan2: BinaryCode<T>;
  /** `x − y ⌊x / y⌋`, exactly, with the sign of `y`; a zero has the sign of `x`. */
  readonly remainder: BinaryCode<T>;
}
