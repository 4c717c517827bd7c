import { refuseArgument, requireArgument } from "../../arguments.js";
import { asExpr, type Expr } from "../../assembler/expression.js";
import { FunctionBuilder } from "../../assembler/function-builder.js";
import { v128 } from "../../assembler/operators.js";
import { Local } from "../../assembler/variables.js";
import type { Code } from "./element.js";

/**
 * Has an engine compute the vectors of each row two at a time, in registers of 256 bits (see `mergeVectors`): it merges only what is stored side by side, so they are
 * written to `memory` and read again. The two vectors of a pair should be computed alike, from neighbours in memory or from the same values. The memory holds
 * the rows one after another, each with an even number of vectors of 16 bytes.
 */
export function mergeInPairs(b: Code, memory: Expr<"i32">, rows: readonly (readonly Local<"v128">[])[]): void {
  const call = "mergeInPairs";
  if (!(b instanceof FunctionBuilder)) refuseArgument(call, "b", b, "a FunctionBuilder");
  const address = asExpr("i32", memory, call);
  requireArgument(call, "rows", rows, "array");
  for (const row of rows) {
    requireArgument(call, "each row", row, "array");
    for (const vector of row) if (!(vector instanceof Local)) refuseArgument(call, "each vector", vector, "a Local");
  }
  const each = rows.flatMap((row, i) => row.map((vector, j) => ({ vector, offset: (i * (row.length + (row.length % 2)) + j) * 16 })));
  if (each.length === 0) return;
  const base = b.let(address); // V8 sees that vectors are neighbours if they have one base
  // V8 stores a pair at once if the second vector is stored first. Otherwise it stores the first one twice.
  for (const { vector, offset } of each.toReversed()) b.v128.store(base, vector, { offset });
  for (const { vector, offset } of each) b.set(vector, v128.load(base, { offset }));
}
