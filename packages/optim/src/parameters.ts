import { UsageError, Variable } from "@nn/tensor";
import { describeValue, requireDType } from "@nn/tensor/extend";

/** Throws unless `parameters` is a list. */
export function requireList(owner: string, parameters: unknown): void {
  if (!Array.isArray(parameters)) throw new UsageError(`${owner}: got ${describeValue(parameters)}, expected a list of parameters, or of groups of them; pass model.parameters()`);
}

/** Throws for an empty list, an element that is not a Variable, and a variable that occurs twice. */
export function requireVariables(owner: string, variables: readonly Variable[]): void {
  requireList(owner, variables);
  if (variables.length === 0) throw new UsageError(`${owner}: got an empty list, expected at least one parameter`);
  for (const [at, variable] of variables.entries()) {
    if (!(variable instanceof Variable)) throw new UsageError(`${owner}: parameter ${at} is ${describeValue(variable)}, expected a Variable; pass those of model.parameters()`);
    if (variables.indexOf(variable) !== at) throw new UsageError(`${owner}: parameter ${at} is given twice`);
  }
}

/** Throws for an empty list, an element that is not a floating-point Variable, and a parameter that occurs twice. */
export function requireParameters(owner: string, parameters: readonly Variable[]): void {
  requireVariables(owner, parameters);
  for (const [at, { dtype }] of parameters.entries()) requireDType(owner, dtype, ["float32", "float64"], `parameter ${at}`);
}
