import { tensor, type Tensor } from "@nn/tensor";
import { allocate, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { called, requireFloat, requireFunction, requireSources } from "./requirements.js";
import { differentiate } from "./value-and-grad.js";
import { listOf, vjp, type ArgumentsFor, type Tensors } from "./vjp.js";

/** Options of `checkGradients`. */
export interface CheckGradientsOptions {
  /** Distance of the two points of a central difference, on either side. Default: 1e-5. */
  readonly epsilon?: number;
  /** Largest difference that passes: absolute, or as a fraction of the larger magnitude, whichever allows more. Default: 1e-6. */
  readonly tolerance?: number;
  /** Highest order of derivatives to check; 2 also checks the derivatives of the gradients. Default: 1. */
  readonly order?: number;
}

const checkGradientsOptions: OptionKinds<CheckGradientsOptions> = { epsilon: "positive", tolerance: "nonNegative", order: "count" };

/** Thrown for gradients that differ from central differences. */
export class GradientError extends Error {
  override readonly name = "GradientError";
}

/**
 * Compares the gradients of `fn` with central differences, `(f(x + ε) − f(x − ε)) / 2ε` for each element of each input, computed
 * in float64 (inputs of other dtypes are cast). For a result of several elements it compares a weighted sum of them.
 *
 * Choose inputs away from the function's kinks and jumps. `fn` must return the same value for the same inputs. `checkGradients` reads
 * values, so it does not work inside a compiled function.
 *
 * @example
 * ```ts
 * import { sin, tensor } from "@nn/tensor";
 * import { checkGradients } from "@nn/autograd";
 * checkGradients((x, y) => sin(x.mul(y)), [tensor([1, 2]), tensor([[3], [4]])], { order: 2 });
 * ```
 * @throws GradientError that lists where they differ.
 */
export function checkGradients<const Inputs extends readonly Tensor[]>(
  fn: (...inputs: ArgumentsFor<Inputs>) => Tensors, inputs: Inputs, options?: CheckGradientsOptions,
): void;
export function checkGradients(
  fn: (...inputs: Tensor[]) => Tensors, inputs: readonly Tensor[], options: CheckGradientsOptions = {},
): void {
  requireOptions("checkGradients", options, checkGradientsOptions);
  requireFunction("checkGradients", fn, "checkGradients((x) => x.square(), [x])");
  requireSources("checkGradients", inputs);
  const { epsilon = 1e-5, tolerance = 1e-6, order = 1 } = options;
  inputs.forEach((input, index) => requireFloat("checkGradients", input, `input ${index}`));
  const exact = inputs.map((input) => input.cast("float64"));
  let derivative = (...given: Tensor[]): Tensor => weightedSum(listOf("checkGradients", called("checkGradients", fn, given)));
  for (let level = 1; level <= order; level++) {
    const current = derivative;
    compare(current, exact, { epsilon, tolerance, level });
    derivative = (...given) => weightedSum(vjp(current, given).pullback());
  }
}

/** A sum of all elements, each with a different weight, so that errors do not cancel. */
function weightedSum(outputs: readonly Tensor[]): Tensor {
  const sums = outputs.map((output, index) => {
    const weights = allocate("float64", output.size).map((_, position) => Math.cos(1 + position + 0.5 * index) + 1.5);
    return output.cast("float64").mul(tensor(weights, { shape: output.shape })).sum();
  });
  return sums.reduce((total, sum) => total.add(sum), tensor(0, { dtype: "float64" }));
}

interface Comparison {
  readonly epsilon: number;
  readonly tolerance: number;
  readonly level: number;
}

function compare(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], { epsilon, tolerance, level }: Comparison): void {
  const { gradients } = differentiate("checkGradients", fn, inputs);
  const differences = gradients.flatMap((gradient, index) =>
    Array.from(gradient.toTypedArray(), (found, position) => {
      const expected = centralDifference(fn, inputs, index, position, epsilon);
      return { index, position, found, expected, error: Math.abs(found - expected) / Math.max(1, Math.abs(found), Math.abs(expected)) };
    }));
  const wrong = differences.filter(({ error }) => !(error <= tolerance));
  if (wrong.length === 0) return;
  const listed = wrong.toSorted((a, b) => b.error - a.error).slice(0, 5).map(({ index, position, found, expected }) =>
    `\n  input ${index}${subscript(inputs[index] as Tensor, position)}: gradient ${found}, central difference ${expected}`);
  throw new GradientError(
    `checkGradients: ${wrong.length} of ${differences.length} derivatives of order ${level} differ from central differences ` +
      `by more than ${tolerance}${wrong.length > 5 ? "; the worst 5" : ""}:${listed.join("")}`,
  );
}

function centralDifference(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], index: number, position: number, epsilon: number): number {
  const at = (step: number): number => fn(...inputs.map((input, each) => {
    if (each !== index) return input;
    const moved = Float64Array.from(input.toTypedArray());
    moved[position] = (moved[position] as number) + step;
    return tensor(moved, { shape: input.shape });
  })).item();
  return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
}

/** The index of an element as text, such as `[1, 2]`. */
function subscript({ shape }: Tensor, position: number): string {
  let rest = position;
  const indices = shape.toReversed().map((length) => {
    const index = rest % length;
    rest = Math.floor(rest / length);
    return index;
  });
  return `[${indices.toReversed().join(", ")}]`;
}
