import type { FunctionBuilder } from "../../assembler/function-builder.js";
import type { Expr } from "../../assembler/expression.js";
import type { ValueType } from "../../assembler/types.js";

/** What the generators need of a builder; the builder of any function has it. */
export type MathCode = Pick<
  FunctionBuilder<ValueType | "void">,
  "let" | "local" | "set" | "if" | "block" | "loop" | "br" | "brIf" | "while" | "scope"
>;

/** Writes the code of a function of four numbers at once and gives its results. */
export type UnaryCode = (b: MathCode, x: Expr<"v128">) => Expr<"v128">;

/** The same of four pairs. */
export type BinaryCode = (b: MathCode, x: Expr<"v128">, y: Expr<"v128">) => Expr<"v128">;
