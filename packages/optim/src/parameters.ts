import { requireDType, UsageError, Variable } from "@nn/tensor";

/** Refuses what is no list: a model, say. */
export function requireList(owner: string, parameters: unknown): void {
  if (!Array.isArray(parameters)) throw new UsageError(`${owner}: got ${typeof parameters}, expected a list of parameters, or of groups of them; pass model.parameters()`);
}

/** Refuses no parameters, what is no floating-point Variable, and a parameter that is given twice. */
export function requireParameters(owner: string, parameters: readonly Variable[]): void {
  requireList(owner, parameters);
  if (parameters.length === 0) throw new UsageError(`${owner}: got no parameters`);
  for (const [at, parameter] of parameters.entries()) {
    if (!(parameter instanceof Variable)) throw new UsageError(`${owner}: parameter ${at} is no Variable; pass those of model.parameters()`);
    if (parameters.indexOf(parameter) !== at) throw new UsageError(`${owner}: parameter ${at} is given twice`);
    requireDType(owner, parameter.dtype, ["float32", "float64"], `parameter ${at}`);
  }
}
