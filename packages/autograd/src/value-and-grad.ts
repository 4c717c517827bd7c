import { isTensor, ones, Variable, zeros, type Gradients, type Tensor } from "@nn/tensor";
import { bindGradients, frozenIndices, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { withInterpreter } from "@nn/tensor/interpreter";
import { called, requireFunction, requireOneNumber, requireReached, requireSources } from "./requirements.js";
import { Tape, type Source } from "./tape.js";
import type { ArgumentsFor } from "./vjp.js";

/** Options of `valueAndGrad` and `grad`. */
export interface GradientOptions {
  /**
   * Whether a source that the result does not depend on is an error (`true`), or has a gradient of zeros (`false`). By default it is an error only
   * if the result depends on none of the variables, or on none of the sources and their elements were read as numbers (with `item`,
   * `toArray` or similar).
   */
  readonly strict?: boolean;
}

const gradientOptions: OptionKinds<GradientOptions> = { strict: "boolean" };

/** A gradient for each source. Gradients of variables carry these variables; optimizers use them. */
export type GradientsFor<Sources extends readonly Source[]> = (Sources extends readonly Variable[] ? Gradients : unknown) & { readonly [Index in keyof Sources]: Tensor };

/** The value of a function and its gradients. */
export interface ValueAndGradients<Sources extends readonly Source[]> {
  /** The result of the function. */
  readonly value: Tensor;
  /** `∂ value / ∂ source` in the order of the sources, each with the shape and dtype of its source. */
  readonly gradients: GradientsFor<Sources>;
}

/**
 * Runs `fn` and returns its result and the gradients with respect to variables, or to tensors that `fn` takes
 * as arguments. It records only while `fn` runs, and only operations that depend on the sources.
 *
 * `fn` returns one number. It may assign other results (metrics, new values of variables) to variables outside.
 * Unlike in PyTorch's `backward`, nothing accumulates from call to call, and an unused source has a gradient of zeros. So does a
 * frozen parameter (`trainable = false`): nothing is recorded for it, and optimizers do not change it.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { valueAndGrad } from "@nn/autograd";
 * const price = new Variable(tensor(100));
 * const { value, gradients: [perApple] } = valueAndGrad(() => price.value.mul(2).mul(1.1), [price]);
 * Math.round(value.item()); // => 220
 * perApple.item().toFixed(2); // => "2.20"
 *
 * valueAndGrad((x) => x.square().sum(), [tensor([1, 2, 3])]).gradients[0].toArray(); // => [2, 4, 6]
 * ```
 * @throws ShapeError if the result is not one number.
 * @throws DTypeError if the result or a source is not floating-point.
 * @throws ArgumentError if a variable occurs twice.
 * @throws UsageError if `fn` is asynchronous or returns no tensor, if no variable has a gradient, or in strict mode if one of them
 * has none.
 */
export function valueAndGrad<const Sources extends readonly Variable[]>(
  fn: () => Tensor, sources: Sources, options?: GradientOptions,
): ValueAndGradients<Sources>;
export function valueAndGrad<const Sources extends readonly Tensor[]>(
  fn: (...inputs: ArgumentsFor<Sources>) => Tensor, sources: Sources, options?: GradientOptions,
): ValueAndGradients<Sources>;
export function valueAndGrad(
  fn: (...inputs: Tensor[]) => Tensor, sources: readonly Source[], options?: GradientOptions,
): ValueAndGradients<readonly Source[]> {
  return differentiate("valueAndGrad", fn, sources, options);
}

/** `valueAndGrad`, with `operation` as the name in error messages. */
export function differentiate(
  operation: string, fn: (...inputs: Tensor[]) => Tensor, sources: readonly Source[], options: GradientOptions = {},
): ValueAndGradients<readonly Source[]> {
  requireOptions(operation, options, gradientOptions);
  const { strict } = options;
  requireFunction(operation, fn, `${operation}(() => loss, …)`);
  requireSources(operation, sources);
  const frozen = frozenIndices(sources);
  const tape = new Tape();
  const watched = sources.map((source, at) => {
    if (!(source instanceof Variable)) return tape.watch(source);
    if (!frozen.has(at)) tape.watchVariable(source);
    return source;
  });
  const inputs = watched.filter(isTensor);
  const value = withInterpreter(tape, () => called(operation, fn, inputs));
  requireOneNumber(operation, value);
  const gradients = tape.pullback([value], watched)([ones(value.shape, { dtype: value.dtype })]);
  requireReached(operation, sources, { gradients, frozen, strict, wasRead: tape.wasRead });
  const all = gradients.map((gradient, index) => gradient ?? zeroGradient(sources[index]));
  return { value, gradients: areVariables(sources) ? bindGradients(sources, all) : all };
}

function areVariables(sources: readonly Source[]): sources is readonly Variable[] {
  return sources.every((source) => source instanceof Variable);
}

function zeroGradient(source: Source | undefined): Tensor {
  return zeros(source?.shape ?? [], { dtype: source?.dtype ?? "float32" });
}
