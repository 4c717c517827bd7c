import { ArgumentError, DTypeError, isTensor, ShapeError, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, isFloat, requireTensor } from "@nn/tensor/extend";
import type { Source } from "./tape.js";

/** Refuses what is not a tensor of floats: nothing else has a gradient. */
export function requireFloat(operation: string, value: unknown, what: string): asserts value is Tensor {
  requireTensor(operation, value, what);
  if (isFloat(value.dtype)) return;
  throw new DTypeError(
    `${operation}: ${what} has dtype ${value.dtype}, and only float32 and float64 have gradients; convert it with .cast("float32")`,
  );
}

/** Refuses what is no function to differentiate. */
export function requireFunction(operation: string, fn: unknown, example: string): void {
  if (typeof fn !== "function") throw new UsageError(`${operation}: got ${describeValue(fn)}, expected a function, as in ${example}`);
}

/** Refuses what is not one number to take the gradient of. */
export function requireOneNumber(operation: string, value: unknown): asserts value is Tensor {
  requireFloat(operation, value, "the function's result");
  if (value.size === 1) return;
  throw new ShapeError(
    `${operation}: the function's result has shape ${formatShape(value.shape)}, expected one number; ` +
      `reduce it with .sum() or .mean(), or use vjp with a cotangent`,
  );
}

/** Refuses things that gradients cannot be taken with respect to, and things that are named twice. */
export function requireSources(operation: string, sources: unknown): asserts sources is readonly Source[] {
  if (!Array.isArray(sources)) {
    const found = sources instanceof Variable || isTensor(sources) ? `${describeValue(sources)}; put it into a list` : describeValue(sources);
    throw new UsageError(`${operation}: expected a list of what to differentiate with respect to, got ${found}`);
  }
  sources.forEach((source: unknown, index) => {
    if (!(source instanceof Variable)) requireFloat(operation, source, `input ${index}`);
    else if (!isFloat(source.dtype)) {
      throw new DTypeError(`${operation}: ${describe(source, index)} has dtype ${source.dtype}, and only float32 and float64 have gradients`);
    }
    const first = sources.indexOf(source);
    if (source instanceof Variable && first !== index) {
      throw new ArgumentError(`${operation}: ${describe(source, index)} is the same as variable ${first}; name each variable once`);
    }
  });
}

/** `variable 1 "bias" [10]`, as error messages write a source. */
export function describe(source: Source, index: number): string {
  if (!(source instanceof Variable)) return `input ${index} ${formatShape(source.shape)}`;
  return `variable ${index}${source.name === undefined ? "" : ` "${source.name}"`} ${formatShape(source.shape)}`;
}

/** Why a result that was computed from numbers has no gradient. */
export const readingLoses = "the function reads numbers (item, toArray, …), and gradients do not follow what is computed from these; compute with tensors";

/** How many of the sources that no gradient reaches an error message names. */
const named = 3;

/**
 * Refuses sources that no gradient reaches. Unless `strict` says so, that is only if it reaches none of them, and they are variables (those
 * of another model, then, or the result is made of steps) or their elements were read as numbers.
 */
export function requireReached(
  operation: string, sources: readonly Source[],
  { gradients, frozen, strict, wasRead }: {
    readonly gradients: readonly (Tensor | undefined)[]; readonly frozen: ReadonlySet<number>; readonly strict: boolean | undefined; readonly wasRead: boolean;
  },
): void {
  if (sources.length > 0 && frozen.size === sources.length && strict !== false) {
    throw new UsageError(`${operation}: all variables are frozen (trainable is false), and nothing has a gradient; set it to true for those to learn, or strict: false to get zeros`);
  }
  const unreached = sources.flatMap((source, index) => (gradients[index] === undefined && !frozen.has(index) ? [describe(source, index)] : []));
  const refuses = strict ?? (unreached.length === sources.length - frozen.size && (wasRead || sources.every((source) => source instanceof Variable)));
  if (!refuses || unreached.length === 0) return;
  const others = unreached.length > named ? ` and ${unreached.length - named} more` : "";
  const it = unreached.length === 1 ? "it" : "them";
  const nowhere = `${operation}: no gradient reaches ${unreached.slice(0, named).join(", ")}${others}`;
  if (wasRead) throw new UsageError(`${nowhere}: ${readingLoses}, or set strict: false to get zeros`);
  throw new UsageError(
    `${nowhere}: the result does not depend on ${it} (as parts of ` +
      `another model?), or only in steps such as argMax and comparisons; leave ${it} out, or set strict: false to get zeros`,
  );
}
