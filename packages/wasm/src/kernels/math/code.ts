import type { FunctionBuilder } from "../../assembler/function-builder.js";
import type { Expr } from "../../assembler/expression.js";
import type { ValueType } from "../../assembler/types.js";

/** The part of a builder that the code generators use. Every builder has it. */
export type MathCode = Pick<
  FunctionBuilder<ValueType | "void">,
  "let" | "local" | "set" | "if" | "block" | "loop" | "br" | "brIf" | "while" | "scope"
>;

/** Writes code that computes a function of four numbers, and returns its results. */
export type UnaryCode = (b: MathCode, x: Expr<"v128">) => Expr<"v128">;

/** The same for four pairs of numbers. */
export type BinaryCode = (b: MathCode, x: Expr<"v128">, y: Expr<"v128">) => Expr<"v128">;
