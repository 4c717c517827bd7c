import { ArgumentError, DTypeError, isTensor, ShapeError, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, isFloat, requireSynchronous, requireTensor } from "@nn/tensor/extend";
import type { Source } from "./tape.js";

/** Throws unless the value is a floating-point tensor: nothing else has a gradient. */
export function requireFloat(operation: string, value: unknown, what: string): asserts value is Tensor {
  requireTensor(operation, value, what);
  if (isFloat(value.dtype)) return;
  throw new DTypeError(
    `${operation}: ${what} has dtype ${value.dtype}, expected float32 or float64; convert it with .cast("float32")`,
  );
}

/** Throws unless `fn` is a function. */
export function requireFunction(operation: string, fn: unknown, example: string): void {
  if (typeof fn !== "function") throw new UsageError(`${operation}: got ${describeValue(fn)}, expected a function, as in ${example}`);
}

/** Calls a function that must be synchronous. */
export function called<Inputs extends readonly unknown[], Result>(operation: string, fn: (...inputs: Inputs) => Result, inputs: Inputs): Result {
  return requireSynchronous(operation, "the function", fn(...inputs));
}

/** Throws unless the value is one number. */
export function requireOneNumber(operation: string, value: unknown): asserts value is Tensor {
  requireFloat(operation, value, "the function's result");
  if (value.size === 1) return;
  throw new ShapeError(
    `${operation}: the function's result has shape ${formatShape(value.shape)}, expected one number; ` +
      `reduce it with .sum() or .mean(), or use vjp with a cotangent`,
  );
}

/** Throws for sources that cannot have a gradient, and for repeated sources. */
export function requireSources(operation: string, sources: unknown): asserts sources is readonly Source[] {
  if (!Array.isArray(sources)) {
    const hint = sources instanceof Variable || isTensor(sources) ? "; put it into a list" : "";
    throw new UsageError(`${operation}: got ${describeValue(sources)}, expected a list of variables or tensors to differentiate with respect to${hint}`);
  }
  sources.forEach((source: unknown, index) => {
    if (!(source instanceof Variable)) requireFloat(operation, source, `input ${index}`);
    else if (!isFloat(source.dtype)) {
      throw new DTypeError(`${operation}: ${describe(source, index)} has dtype ${source.dtype}, expected float32 or float64`);
    }
    const first = sources.indexOf(source);
    if (source instanceof Variable && first !== index) {
      throw new ArgumentError(`${operation}: ${describe(source, index)} is the same as variable ${first}; name each variable once`);
    }
  });
}

/** A source in error messages, such as `variable 1 "bias" [10]`. */
export function describe(source: Source, index: number): string {
  if (!(source instanceof Variable)) return `input ${index} ${formatShape(source.shape)}`;
  return `variable ${index}${source.name === undefined ? "" : ` "${source.name}"`} ${formatShape(source.shape)}`;
}

/** Why a result that was computed from numbers has no gradient. */
export const readingLoses = "the function reads numbers (item, toArray, …), and results computed from numbers have no gradient; compute with tensors";

/** The largest number of sources without a gradient that an error message names. */
const named = 3;

/**
 * Throws for sources without a gradient. With `strict: true`, one such source is enough. By default it throws only if no source has a gradient, and
 * the sources are variables (for example of another model, or the result is piecewise constant) or their elements were read as numbers.
 */
export function requireReached(
  operation: string, sources: readonly Source[],
  { gradients, frozen, strict, wasRead }: {
    readonly gradients: readonly (Tensor | undefined)[]; readonly frozen: ReadonlySet<number>; readonly strict: boolean | undefined; readonly wasRead: boolean;
  },
): void {
  if (sources.length > 0 && frozen.size === sources.length && strict !== false) {
    throw new UsageError(`${operation}: all variables are frozen (trainable is false), expected at least one to differentiate; set trainable to true, or strict: false to get zeros`);
  }
  const unreached = sources.flatMap((source, index) => (gradients[index] === undefined && !frozen.has(index) ? [describe(source, index)] : []));
  const refuses = strict ?? (unreached.length === sources.length - frozen.size && (wasRead || sources.every((source) => source instanceof Variable)));
  if (!refuses || unreached.length === 0) return;
  const others = unreached.length > named ? ` and ${unreached.length - named} more` : "";
  const it = unreached.length === 1 ? "it" : "them";
  const nowhere = `${operation}: no gradient reaches ${unreached.slice(0, named).join(", ")}${others}`;
  if (wasRead) throw new UsageError(`${nowhere}: ${readingLoses}, or set strict: false to get zeros`);
  throw new UsageError(
    `${nowhere}: the result does not depend on ${it} (part of ` +
      `another model?), or only through operations without a gradient such as argMax and comparisons; leave ${it} out, or set strict: false to get zeros`,
  );
}
